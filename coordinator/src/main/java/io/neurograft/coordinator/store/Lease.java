package io.neurograft.coordinator.store;

/**
 * The right to lead a run: to plan it, and to store what its jobs make. It ends when another
 * coordinator takes the lead, which counts the fence up; from then on the database takes nothing
 * more on it, however late its holder hears of that.
 *
 * @param fence how often the lead had changed hands when this one took it
 */
public record Lease(String runId, long fence) {}

package io.neurograft.simulator.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a chaos benchmark does.
 *
 * @param disturbances how many there are; empty where only time ends it
 * @param time after which no disturbance begins
 * @param sites the number of nodes
 * @param disks whether every process has a disk of its own, which can be filled
 * @param folder an empty folder for everything
 */
public record ChaosPlan(
    long seed, OptionalInt disturbances, Duration time, int sites, boolean disks, Path folder) {}

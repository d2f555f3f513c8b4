package io.neurograft.client.preflight;

import io.neurograft.proto.channel.Endpoint;
import java.util.Optional;

/**
 * One line of a report.
 *
 * @param coordinator the address that was looked at, where the check is about one
 */
public record Line(Check check, Optional<Endpoint> coordinator, Finding finding) {}

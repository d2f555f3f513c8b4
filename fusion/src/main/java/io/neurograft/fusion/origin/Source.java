package io.neurograft.fusion.origin;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A member's unit that a fused unit was made of. In JSON it is an array of three numbers, since a
 * network has thousands of units.
 *
 * @param member the member's index
 * @param unit the unit's index in that member's group
 * @param weight its part in what makes the fused unit, above 0, at most 1
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"member", "unit", "weight"})
public record Source(int member, int unit, double weight) {

  /** The same unit with a part of its weight. */
  Source times(double amount) {
    return new Source(member, unit, weight * amount);
  }
}

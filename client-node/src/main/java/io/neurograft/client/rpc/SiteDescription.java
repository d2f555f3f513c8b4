package io.neurograft.client.rpc;

import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.SiteProfile;
import java.util.List;

/**
 * What a site tells of itself when it attaches: counts, never examples.
 *
 * @param inputShape the shape of one example
 * @param classCounts training examples of each class
 * @param heldBack how many examples are held back
 * @param version the version of the site's software
 */
public record SiteDescription(
    List<Integer> inputShape, List<Long> classCounts, long heldBack, String version) {
  AttendRequest.Builder request(String site) {
    return AttendRequest.newBuilder()
        .setSite(site)
        .setProfile(
            SiteProfile.newBuilder()
                .addAllInputShape(inputShape.stream().map(Integer::longValue).toList())
                .addAllClassCounts(classCounts)
                .setHeldBackExamples(heldBack)
                .setSoftwareVersion(version));
  }
}

package io.naru.broker.metadata;

import io.naru.cluster.ClusterImage;

/**
 * Acts on a new image of the cluster. Called by the one thread that follows the metadata, with images of growing
 * versions; it may block, and the next image waits for it.
 */
@FunctionalInterface
public interface ImageListener {
    void apply(ClusterImage image);
}

/** Follows the coordinators: registration, heartbeats, and the image of the cluster that everything here reads. */
@NullMarked
package io.naru.broker.metadata;

import org.jspecify.annotations.NullMarked;

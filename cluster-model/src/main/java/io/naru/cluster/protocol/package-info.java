/**
 * What brokers and coordinators say to each other over HTTP, as plain records. On the wire they are JSON with the
 * components' names in snake_case; the metadata feed alone is binary, see {@link io.naru.cluster.MetadataCodec}.
 */
@NullMarked
package io.naru.cluster.protocol;

import org.jspecify.annotations.NullMarked;

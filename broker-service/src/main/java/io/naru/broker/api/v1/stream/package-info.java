/**
 * Following a topic: streams that are fed as records are acknowledged and paced by their clients' demand, as
 * server-sent events or as lines of JSON.
 */
@NullMarked
package io.naru.broker.api.v1.stream;

import org.jspecify.annotations.NullMarked;

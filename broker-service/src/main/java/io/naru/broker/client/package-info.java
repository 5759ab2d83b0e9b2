/** HTTP clients to coordinators and peers, and the files of the broker's identity: adapters behind ports of others. */
@NullMarked
package io.naru.broker.client;

import org.jspecify.annotations.NullMarked;

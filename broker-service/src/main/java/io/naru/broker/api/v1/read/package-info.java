/** Reading pages of records and single records, of one partition or across a topic. */
@NullMarked
package io.naru.broker.api.v1.read;

import org.jspecify.annotations.NullMarked;

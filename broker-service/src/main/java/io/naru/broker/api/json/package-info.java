/**
 * JSON at the speed of the data path: a scanner that checks a text where it lies, and a buffer that answers are written
 * into. Neither builds objects of what it reads or writes.
 */
@NullMarked
package io.naru.broker.api.json;

import org.jspecify.annotations.NullMarked;

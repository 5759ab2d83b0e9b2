/** The servers that are measured, as processes of their own: Naru, and a bare HTTP server as the limit beside it. */
@NullMarked
package io.naru.benchmarks.services;

import org.jspecify.annotations.NullMarked;

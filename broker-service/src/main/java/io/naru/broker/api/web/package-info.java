/**
 * What every request passes and every handler leans on: the guard at the door, strict parameters, bounded bodies, and
 * ways off the event loop.
 */
@NullMarked
package io.naru.broker.api.web;

import org.jspecify.annotations.NullMarked;

/** Which properties the two services and Spring Boot beneath them know, and what somebody who mistyped one meant. */
@NullMarked
package io.naru.standalone.properties;

import org.jspecify.annotations.NullMarked;

package io.naru.broker.api.v1.read;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The call reads a {@link Selection} of a topic's partitions. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        name = Selection.PARAMETER,
        in = ParameterIn.QUERY,
        description = "Only these partitions.",
        schema = @Schema(type = "string"),
        example = "0,2")
public @interface PartitionsParameter {}

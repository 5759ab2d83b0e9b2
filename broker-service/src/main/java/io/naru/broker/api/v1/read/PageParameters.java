package io.naru.broker.api.v1.read;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The call answers a page within {@link PageLimits}. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        name = PageLimits.LIMIT,
        in = ParameterIn.QUERY,
        description = "Most records of the page.",
        schema =
                @Schema(
                        type = "integer",
                        format = "int32",
                        minimum = "1",
                        maximum = "" + PageLimits.MAX_RECORDS,
                        defaultValue = "" + PageLimits.DEFAULT_RECORDS))
@Parameter(
        name = PageLimits.MAX_BYTES_PARAMETER,
        in = ParameterIn.QUERY,
        description =
                "Most bytes of records. A page gets smaller than this while the broker has little memory to spare.",
        schema =
                @Schema(
                        type = "integer",
                        format = "int32",
                        minimum = "1",
                        maximum = "" + PageLimits.MAX_BYTES,
                        defaultValue = "" + PageLimits.DEFAULT_BYTES))
@Parameter(
        name = PageLimits.WAIT_MS,
        in = ParameterIn.QUERY,
        description = "Longest wait for a first record, in ms.",
        schema =
                @Schema(
                        type = "integer",
                        format = "int32",
                        minimum = "0",
                        maximum = "" + PageLimits.MAX_WAIT_MS,
                        defaultValue = "0"))
@interface PageParameters {}

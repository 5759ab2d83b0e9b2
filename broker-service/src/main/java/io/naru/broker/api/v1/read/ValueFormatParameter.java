package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.RecordFormat;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The call lets its caller choose how values are shown, as {@link RecordFormat} says. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        name = RecordFormat.PARAMETER,
        in = ParameterIn.QUERY,
        description = "`base64` shows every value as `value_base64`.",
        schema =
                @Schema(
                        type = "string",
                        allowableValues = {"auto", "base64"},
                        defaultValue = "auto"))
public @interface ValueFormatParameter {}

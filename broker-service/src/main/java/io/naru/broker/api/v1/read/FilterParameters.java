package io.naru.broker.api.v1.read;

import io.naru.broker.api.web.AcceptsPrefix;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The call shows only records that {@link QueryFilters} let pass. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        name = QueryFilters.KEY,
        in = ParameterIn.QUERY,
        description = "Only records with this key.",
        schema = @Schema(type = "string"))
@Parameter(
        name = QueryFilters.HEADER_PREFIX + "{name}",
        in = ParameterIn.QUERY,
        description = "Only records that have a header {name} with this value, as in `header.type=order`.",
        schema = @Schema(type = "string"))
@AcceptsPrefix(QueryFilters.HEADER_PREFIX)
public @interface FilterParameters {}

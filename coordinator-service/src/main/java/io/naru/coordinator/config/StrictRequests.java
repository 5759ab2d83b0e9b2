package io.naru.coordinator.config;

import io.naru.coordinator.api.StrictParameters;
import java.nio.charset.StandardCharsets;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** How Spring MVC reads and writes here: strictly, and with no more than is needed. */
final class StrictRequests implements WebMvcConfigurer {
    private final JsonMapper json;

    StrictRequests(JsonMapper json) {
        this.json = json;
    }

    /** JSON, texts and bytes are all that is spoken here; every other library found would be started for nothing. */
    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.disableDefaults()
                .addCustomConverter(new ByteArrayHttpMessageConverter())
                .addCustomConverter(new StringHttpMessageConverter(StandardCharsets.UTF_8))
                .addCustomConverter(new JacksonJsonHttpMessageConverter(json));
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new StrictParameters());
    }

    /** In place of the real validator, which nothing here needs and which is long to start. */
    @Override
    public Validator getValidator() {
        return new NothingToValidate();
    }

    private static final class NothingToValidate implements Validator {
        @Override
        public boolean supports(Class<?> type) {
            return false;
        }

        @Override
        public void validate(Object target, Errors errors) {
            throw new UnsupportedOperationException("Nothing here is validated by annotations");
        }
    }
}

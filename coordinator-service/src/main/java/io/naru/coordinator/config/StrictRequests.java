package io.naru.coordinator.config;

import io.naru.coordinator.api.StrictParameters;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** How Spring MVC reads requests here: unknown parameters are refused, and nothing is validated by annotations. */
final class StrictRequests implements WebMvcConfigurer {
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

package io.naru.coordinator.config;

import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import java.lang.annotation.Annotation;
import java.util.List;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.discoverer.SpringDocParameterNameDiscoverer;
import org.springdoc.core.extractor.MethodParameterPojoExtractor;
import org.springdoc.core.service.GenericParameterService;
import org.springdoc.core.service.RequestBodyService;
import org.springdoc.webmvc.core.service.RequestService;
import org.springframework.core.MethodParameter;

/**
 * Describes requests without a look for constraints of Bean Validation, which is left out of the class path: springdoc's
 * own look fails without it. Every body is required.
 */
final class RequestDescriptions extends RequestService {
    RequestDescriptions(
            GenericParameterService parameters,
            RequestBodyService bodies,
            SpringDocCustomizers customizers,
            SpringDocParameterNameDiscoverer names,
            MethodParameterPojoExtractor pojos) {
        super(parameters, bodies, customizers, names, pojos);
    }

    @Override
    public void applyBeanValidatorAnnotations(
            MethodParameter handlers,
            Parameter described,
            List<Annotation> annotations,
            boolean partOfObject,
            String openApiVersion) {
        // What a parameter must be is said by its type and its text.
    }

    @Override
    public void applyBeanValidatorAnnotations(RequestBody body, List<Annotation> annotations, boolean optional) {
        body.setRequired(!optional);
    }
}

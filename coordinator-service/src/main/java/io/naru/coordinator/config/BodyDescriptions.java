package io.naru.coordinator.config;

import io.swagger.v3.oas.models.parameters.RequestBody;
import java.lang.annotation.Annotation;
import java.util.List;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.discoverer.SpringDocParameterNameDiscoverer;
import org.springdoc.core.extractor.MethodParameterPojoExtractor;
import org.springdoc.core.service.GenericParameterService;
import org.springdoc.core.service.RequestBodyService;
import org.springdoc.webmvc.core.service.RequestService;

/** Describes bodies without a look for constraints of Bean Validation, which is not there: every body is required. */
final class BodyDescriptions extends RequestService {
    BodyDescriptions(
            GenericParameterService parameters,
            RequestBodyService bodies,
            SpringDocCustomizers customizers,
            SpringDocParameterNameDiscoverer names,
            MethodParameterPojoExtractor pojos) {
        super(parameters, bodies, customizers, names, pojos);
    }

    @Override
    public void applyBeanValidatorAnnotations(RequestBody body, List<Annotation> annotations, boolean optional) {
        body.setRequired(!optional);
    }
}

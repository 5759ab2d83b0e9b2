package io.naru.standalone.properties;

import io.naru.broker.BrokerApplication;
import io.naru.broker.config.PlainProperties;
import io.naru.coordinator.CoordinatorApplication;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.context.annotation.Import;

/**
 * The properties of the two services, read off the records they are bound to: what a configuration that an application
 * imports enables is known, and nothing has to be listed twice.
 */
final class ServiceProperties {
    private ServiceProperties() {}

    static Stream<Property> all() {
        return Stream.concat(
                Stream.of(BrokerApplication.class, CoordinatorApplication.class).flatMap(ServiceProperties::of),
                PlainProperties.names().stream().map(name -> new Property(name, Property.Shape.VALUE)));
    }

    private static Stream<Property> of(Class<?> configuration) {
        Import imports = configuration.getAnnotation(Import.class);
        EnableConfigurationProperties enabled = configuration.getAnnotation(EnableConfigurationProperties.class);
        return Stream.concat(
                imports == null ? Stream.of() : Arrays.stream(imports.value()).flatMap(ServiceProperties::of),
                enabled == null ? Stream.of() : Arrays.stream(enabled.value()).flatMap(ServiceProperties::bound));
    }

    private static Stream<Property> bound(Class<?> properties) {
        ConfigurationProperties prefix = properties.getAnnotation(ConfigurationProperties.class);
        if (prefix == null || !properties.isRecord()) {
            throw new IllegalStateException(properties + " is no record with a prefix: its properties can't be told");
        }
        return components(properties, prefix.value());
    }

    private static Stream<Property> components(Class<?> properties, String prefix) {
        return Arrays.stream(properties.getRecordComponents()).flatMap(component -> {
            String name = prefix + "." + name(component);
            Class<?> type = component.getType();
            return type.isRecord() ? components(type, name) : Stream.of(new Property(name, shape(type)));
        });
    }

    /** As Spring's binder names it. */
    private static String name(RecordComponent component) {
        Name given = component.getAnnotation(Name.class);
        return given == null ? DataObjectPropertyName.toDashedForm(component.getName()) : given.value();
    }

    private static Property.Shape shape(Class<?> type) {
        if (Map.class.isAssignableFrom(type)) {
            return Property.Shape.MAP;
        }
        return Collection.class.isAssignableFrom(type) ? Property.Shape.LIST : Property.Shape.VALUE;
    }
}

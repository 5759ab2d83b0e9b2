package io.naru.standalone.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** One {@code property=value} of {@code --set}; the value may be empty and may hold further equals signs. */
record Setting(String property, String value) {
    /** Reads a setting as it stands on the command line. */
    static final class Converter implements ITypeConverter<Setting> {
        @Override
        public Setting convert(String text) {
            int equals = text.indexOf('=');
            if (equals < 1 || text.substring(0, equals).isBlank() || text.charAt(0) == '-') {
                throw new TypeConversionException(
                        "'" + text + "' is not property=value, such as log.segment.bytes=1048576");
            }
            return new Setting(text.substring(0, equals).strip(), text.substring(equals + 1));
        }
    }
}

package io.naru.standalone.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sends the log of this JVM to one file, {@value #KEPT} older ones of {@value #FILE_SIZE} each beside it. Logback
 * finds this class by its service file before it looks for XML; that and keeping Spring Boot's logging system out
 * (two applications starting at once would set it up twice) makes the start faster, too.
 */
public final class LogFile extends ContextAwareBase implements Configurator {
    private static final String FILE_PROPERTY = "naru.log.file";
    private static final String FILE_SIZE = "10MB";
    private static final int KEPT = 5;
    /** Loggers that tell their whole configuration at each start. */
    private static final List<String> QUIET = List.of("org.apache.ratis", "org.apache.catalina");

    private static final String LEVEL_PREFIX = "logging.level.";

    /** Called by Logback. */
    public LogFile() {}

    /**
     * Sends everything logged from here on to the file. Call before anything logs.
     *
     * @param properties those named {@code logging.level.NAME} set the level of a logger
     */
    public static void use(Path file, Map<String, String> properties) {
        System.setProperty(FILE_PROPERTY, file.toString());
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        properties.forEach((property, value) -> {
            if (property.startsWith(LEVEL_PREFIX)
                    && LoggerFactory.getLogger(loggerName(property)) instanceof Logger logger) {
                logger.setLevel(Level.toLevel(value));
            }
        });
    }

    private static String loggerName(String property) {
        String name = property.substring(LEVEL_PREFIX.length());
        return name.equalsIgnoreCase("root") ? Logger.ROOT_LOGGER_NAME : name;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        String file = System.getProperty(FILE_PROPERTY);
        if (file == null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{36}: %msg%n");
        encoder.start();

        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file);
        appender.setEncoder(encoder);
        FixedWindowRollingPolicy older = new FixedWindowRollingPolicy();
        older.setContext(context);
        older.setParent(appender);
        older.setFileNamePattern(file + ".%i");
        older.setMinIndex(1);
        older.setMaxIndex(KEPT);
        older.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(FileSize.valueOf(FILE_SIZE));
        size.start();
        appender.setRollingPolicy(older);
        appender.setTriggeringPolicy(size);
        appender.start();

        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        QUIET.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        root.addAppender(appender);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}

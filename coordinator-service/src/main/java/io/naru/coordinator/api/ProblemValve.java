package io.naru.coordinator.api;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * Answers what Tomcat itself refuses, before any of our code sees it, as a problem: broken request lines, encoded
 * slashes, TRACE.
 */
public final class ProblemValve extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        // 4xx and 5xx without a body, and nothing sent yet: the rest was answered properly.
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        String method = request.getMethod() == null ? "" : request.getMethod();
        String path = request.getRequestURI() == null ? "" : request.getRequestURI();
        byte[] body = Problem.of(status, path).toJson(Problem.isWrite(method));
        try {
            response.setContentType(Problem.MEDIA_TYPE);
            response.setHeader("Cache-Control", "no-store");
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException _) {
            // The client has gone, and with it whom to tell.
        }
    }
}

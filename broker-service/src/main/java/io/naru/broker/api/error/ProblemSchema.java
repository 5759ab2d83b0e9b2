package io.naru.broker.api.error;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/** The shape of {@link Problem} as the published contract describes it; nothing is written from it. */
@Schema(
        name = "Problem",
        description = "What went wrong (RFC 9457), with further properties where they help",
        example = """
                {"type": "urn:naru:problem:topic-not-found", "title": "Topic not found", "status": 404, \
                "detail": "There is no topic 'orders'. POST /v1/topics creates one.", "error_code": 40401, \
                "retriable": false, "outcome": "not_applied"}""")
public class ProblemSchema {
    @Schema(description = "The kind of problem, stable", example = "urn:naru:problem:topic-not-found")
    public String type = "";

    @Schema(description = "The kind of problem in words", example = "Topic not found")
    public String title = "";

    @Schema(description = "The HTTP status", example = "404")
    public int status;

    @Schema(description = "What happened, what it means and what to do")
    public String detail = "";

    @Schema(description = "The kind of problem as a number, stable; begins with the status", example = "40401")
    @JsonProperty("error_code")
    public int errorCode;

    @Schema(description = "Whether the same request may succeed later")
    public boolean retriable;

    @Schema(
            description = "Of a write: `not_applied` if it has not taken effect and will not, `unknown` if it may have",
            allowableValues = {"not_applied", "unknown"})
    public String outcome = "";
}

package io.naru.broker.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.testing.HttpCalls;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.RawConnection;
import io.naru.broker.testing.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every call passes, seen from outside. */
@Timeout(60)
class HttpFaceTests {
    private static TestBroker broker;
    private static HttpCalls calls;

    @BeforeAll
    static void start() {
        broker = TestBroker.start("http.allowed-hosts=naru.lan,ui.lan:3000", "http.max-request-bytes=64KB");
        calls = broker.calls();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** Whatever a test sent, the broker is as it was and goes on answering. */
    @AfterEach
    void nothingHappenedAndTheNextGoodRequestWorks() {
        assertThat(broker.cluster().image().topics()).isEmpty();
        Answer answer = calls.get("/v1/topics");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"items\":[],\"next_cursor\":null}");
    }

    @Test
    void theIndexIsJsonEvenForBrowsersWhileThereIsNoUi() {
        Answer answer = calls.get("/", "Accept", "text/html,*/*;q=0.8");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().path("topics").asString()).isEqualTo("/v1/topics");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /nothing                               | 404 40400
            POST   | /nothing                               | 404 40400
            GET    | /v1                                    | 404 40400
            GET    | /v1/topics/orders/partitions/0/truncate | 405 40500
            GET    | /v1/groups                             | 404 40400
            POST   | /v1/producers                          | 404 40400
            GET    | /topics                                | 404 40400
            GET    | /v3/api-docs                           | 404 40400
            GET    | /internal/brokers                      | 404 40400
            PUT    | /v1/topics                             | 405 40500
            DELETE | /v1/cluster                            | 405 40500
            OPTIONS| /v1/nothing                            | 404 40400
            GET    | /v1/topics?limit=0                     | 400 40005
            GET    | /v1/topics?limit=5001                  | 400 40005
            GET    | /v1/topics?limit=-1                    | 400 40005
            GET    | /v1/topics?limit=9999999999999999999   | 400 40005
            GET    | /v1/topics?limit=ten                   | 400 40005
            GET    | /v1/topics?limit=                      | 400 40005
            GET    | /v1/topics?limit=1&limit=2             | 400 40005
            GET    | /v1/topics?Limit=1                     | 400 40004
            GET    | /v1/topics?limits=1                    | 400 40004
            GET    | /v1/topics?sort=colour                 | 400 40005
            GET    | /v1/topics?cursor=abc                  | 400 40007
            GET    | /v1/topics?query=%FF                   | 400 40005
            GET    | /v1/topics/orders?verbose              | 400 40004
            GET    | /?pretty                               | 400 40004
            GET    | /v1/brokers/x                          | 400 40005
            GET    | /v1/brokers/99                         | 404 40405
            GET    | //v1/topics                            | 400 40001
            GET    | /v1//topics                            | 400 40001
            GET    | /v1/./topics                           | 400 40001
            GET    | /v1/x/../topics                        | 400 40001
            GET    | /v1/x/..                               | 400 40001
            GET    | /v1/%2e%2e/topics                      | 400 40001
            GET    | /v1/topics/%2E                         | 400 40001
            GET    | /v1/topics;a=b                         | 400 40001
            GET    | /v1/..;/topics                         | 400 40001
            GET    | /v1/topics/a%2Fb                       | 400 40001
            GET    | /v1/topics/a%5cb                       | 400 40001
            GET    | /v1/topics/a%00b                       | 400 40001
            GET    | /v1/topics/a%0d%0ab                    | 400 40001
            GET    | /v1/topics/%F0%9F%9A%80                | 404 40401
            GET    | /v1/topics/none                        | 404 40401
            GET    | /v1/topics/none/partitions             | 404 40401
            DELETE | /v1/topics/none                        | 404 40401
            DELETE | /v1/topics/a%20b                       | 404 40401
            DELETE | /v1/topics/__internal                  | 404 40401
            """)
    void answersWhatItDoesNotKnowWithAProblem(String method, String path, String failure) {
        Answer answer = calls.send(method, path, null);

        assertThat(answer.failure()).isEqualTo(failure);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(answer.status());
        assertThat(answer.json().path("type").asString()).startsWith("urn:naru:problem:");
        assertThat(answer.json().path("detail").asString()).isNotBlank();
        assertThat(answer.json().has("outcome"))
                .isEqualTo(method.equals("POST") || method.equals("PUT") || method.equals("DELETE"));
        assertThat(answer.header("X-Request-Id")).isNotBlank();
    }

    @Test
    void aProblemReadsAsDocumented() {
        Answer answer = calls.delete("/v1/topics/none");

        assertThat(answer.text())
                .isEqualTo(
                        "{\"type\":\"urn:naru:problem:topic-not-found\",\"title\":\"Topic not found\",\"status\":404,"
                                + "\"detail\":\"There is no topic 'none'.\",\"error_code\":40401,\"retriable\":false,"
                                + "\"outcome\":\"not_applied\"}");
    }

    @Test
    void aWrongMethodIsToldTheRightOnes() {
        assertThat(calls.send("PUT", "/v1/topics", null).header("Allow"))
                .contains("GET")
                .contains("POST");
    }

    @Test
    void anUnknownParameterIsNamedAndTheKnownOnesAreListed() {
        assertThat(calls.get("/v1/topics?colour=red").json().path("detail").asString())
                .isEqualTo("There is no parameter 'colour' here; there is cursor, limit, query, sort.");
    }

    @Test
    void headIsAnsweredLikeGetWithoutABody() {
        Answer found = calls.send("HEAD", "/v1/topics", null);
        Answer missing = calls.send("HEAD", "/v1/topics/none", null);

        assertThat(found.status()).isEqualTo(200);
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            localhost, 200
            localhost:1234, 200
            LOCALHOST, 200
            127.0.0.1:9, 200
            [::1]:8080, 200
            naru.test, 200
            naru.test:8080, 200
            naru.lan, 200
            ui.lan, 200
            evil.example, 403
            127.0.0.1.evil.example, 403
            localhost.evil.example, 403
            10.0.0.7, 403
            """)
    void answersOnlyToItsOwnNames(String host, int status) throws IOException {
        assertThat(raw("GET /v1/topics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            http://localhost:@, 415
            http://naru.test:8080, 415
            http://naru.lan, 415
            https://naru.lan:8443, 415
            http://ui.lan:3000, 415
            http://localhost:1, 403
            http://ui.lan:3001, 403
            https://evil.example, 403
            http://localhost.evil.example, 403
            null, 403
            '', 403
            """)
    void letsNoForeignPageChangeAnything(String origin, int status) throws IOException {
        // 415 tells that the request came through to the handler.
        String own = origin.replace("@", Integer.toString(broker.port()));
        assertThat(raw("POST /v1/topics HTTP/1.1\r\nHost: localhost:" + broker.port() + "\r\nOrigin: " + own
                        + "\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void aForeignPageMayStillRead() throws IOException {
        assertThat(raw("GET /v1/topics HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
                        + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TRACE /v1/topics HTTP/1.1|405
            BREW /v1/topics HTTP/1.1|405
            GET /v1/topics?query=%zz HTTP/1.1|400
            GET /v1/topics?query={} HTTP/1.1|400
            GET /v1/topics HTTP/1.9.9|400
            GET  HTTP/1.1|400
            """)
    void oddRequestLinesAreRefused(String requestLine, int status) throws IOException {
        assertThat(raw(requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void aMethodOverrideChangesNothing() {
        assertThat(calls.post("/v1/topics", "", "X-HTTP-Method-Override", "GET").status())
                .isEqualTo(400);
        assertThat(calls.get("/v1/topics", "X-HTTP-Method-Override", "DELETE").status())
                .isEqualTo(200);
    }

    @Test
    void bothLengthAndTransferEncodingAreRefused() throws IOException {
        assertThat(raw("POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @CsvSource({"gzip", "zstd", "br", "'gzip, gzip'", "unheard-of"})
    void encodedBodiesAreRefused(String encoding) {
        Answer answer = calls.post("/v1/topics", "{\"name\":\"zipped\"}", "Content-Encoding", encoding);

        assertThat(answer.failure()).isEqualTo("415 41500");
        assertThat(answer.json().path("detail").asString()).contains("uncompressed");
    }

    @Test
    void aBodyAnnouncedTooLargeIsRefusedUnread() throws IOException {
        assertThat(raw("POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 65537\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .contains("http.max-request-bytes");
    }

    @Test
    void anEndlessBodyIsCutOff() throws IOException {
        try (var connection = new RawConnection(broker.port())) {
            connection.send("POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n");
            String spaces = " ".repeat(8 << 10);
            for (int i = 0; i < 9; i++) {
                connection.sendChunk(spaces);
            }
            assertThat(connection.readHead()).startsWith("HTTP/1.1 413");
        }
        assertThat(broker.bean(RequestBodies.class).heldBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                          | 400 40001
            {                                           | 400 40002
            {"name":"a"} x                              | 400 40002
            {"name":"a","name":"b"}                     | 400 40002
            {"name":NaN}                                | 400 40002
            null                                        | 400 40001
            []                                          | 400 40001
            "a"                                         | 400 40001
            {}                                          | 400 40001
            {"name":"a","colour":"red"}                 | 400 40003
            {"name":"a","partitions":"3"}               | 400 40001
            {"name":"a","partitions":1.5}               | 400 40001
            {"name":"a","partitions":2147483648}        | 400 40002
            {"name":"a","partitions":1e400000}          | 400 40001
            {"name":"a","partitions":true}              | 400 40001
            {"name":["a"]}                              | 400 40001
            {"name":"a","configs":{"segment.ms":[]}}    | 400 40001
            {"name":"a","partitions":-1}                | 422 42206
            {"name":"a","partitions":0}                 | 422 42206
            {"name":"a","replication_factor":2}         | 422 42206
            {"name":"a","configs":{"colour":"red"}}     | 422 42208
            {"name":"a","configs":{"segment.ms":"-1"}}  | 422 42208
            {"name":""}                                 | 422 42207
            {"name":"."}                                | 422 42207
            {"name":".."}                               | 422 42207
            {"name":"a/b"}                              | 422 42207
            {"name":"a b"}                              | 422 42207
            {"name":"a\\u0000"}                         | 422 42207
            {"name":"__groups"}                         | 422 42207
            {"name":"a.log"}                            | 422 42207
            {"name":"аpple"}                            | 422 42207
            """)
    void bodiesThatAreNoTopicAreRefused(String body, String failure) {
        assertThat(calls.post("/v1/topics", body).failure()).isEqualTo(failure);
    }

    @Test
    void deepJsonAndInvalidUtf8AreRefused() {
        String deep = "{\"name\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
        byte[] invalid = "{\"name\":\"\u00ff\u00fe\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(calls.post("/v1/topics", deep).status()).isEqualTo(400);
        assertThat(calls.send("POST", "/v1/topics", invalid, "Content-Type", "application/json")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aNameOfOneMegabyteIsRefused() {
        assertThat(calls.get("/v1/topics/" + "a".repeat(250)).status()).isEqualTo(404);
        assertThat(calls.post("/v1/topics", "{\"name\":\"" + "a".repeat(60_000) + "\"}")
                        .failure())
                .isEqualTo("422 42207");
    }

    @Test
    void metricsAndHealthAreServedAndOtherActuatorsAreNot() {
        for (var path : Map.of("health", 200, "prometheus", 200, "env", 404, "heapdump", 404, "shutdown", 404)
                .entrySet()) {
            assertThat(calls.get("/actuator/" + path.getKey()).status())
                    .as(path.getKey())
                    .isEqualTo(path.getValue());
        }
    }

    private static String raw(String request) throws IOException {
        try (var connection = new RawConnection(broker.port())) {
            return connection.send(request).readAll();
        }
    }
}

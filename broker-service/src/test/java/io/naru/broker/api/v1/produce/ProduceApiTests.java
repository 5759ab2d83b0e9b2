package io.naru.broker.api.v1.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.broker.api.web.RequestBodies;
import io.naru.broker.testing.HttpCalls;
import io.naru.broker.testing.HttpCalls.Answer;
import io.naru.broker.testing.RawConnection;
import io.naru.broker.testing.Stored;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.TopicImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Writing records as a list in JSON or as one value. */
@Timeout(60)
class ProduceApiTests {
    private static final String RECORDS = "/v1/topics/orders/records";

    private static TestBroker broker;
    private static HttpCalls calls;

    @BeforeAll
    static void start() {
        broker = TestBroker.start("http.max-request-bytes=4MB", "http.max-request-records=5000");
        calls = broker.calls();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void createTopic() {
        broker.cluster().create("orders", 3, Map.of());
    }

    @AfterEach
    void deleteAllAndFindNothingHeld() {
        broker.partitions().heal();
        for (TopicImage topic : broker.cluster().image().topics().values()) {
            broker.cluster().apply(new MetadataRecord.TopicDeleted(topic.id()));
        }
        await().until(() -> broker.bean(RequestBodies.class).heldBytes() == 0);
    }

    @Test
    void recordsAreStoredAndTheirPlacesTold() {
        long before = System.currentTimeMillis();

        Answer answer = calls.post(RECORDS, """
                {"records": [
                  {"partition": 1, "key": "alice", "value": {"total": 12.50}, "headers": {"source": "web"}},
                  {"partition": 2, "value_text": "hello", "timestamp": 1700000000000},
                  {"partition": 1, "value_base64": "AP8=", "key_base64": "//8="},
                  {"partition": 1, "key": "alice", "value": null}
                ]}""");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        JsonNode offsets = answer.json().path("offsets");
        assertThat(offsets.valueStream()
                        .map(o -> o.path("partition").asInt() + ":"
                                + o.path("offset").asInt()))
                .containsExactly("1:0", "2:0", "1:1", "1:2");
        assertThat(offsets.get(1).path("timestamp").asLong()).isEqualTo(1700000000000L);
        assertThat(offsets.get(0).path("timestamp").asLong()).isBetween(before, System.currentTimeMillis());

        List<Stored> stored = Stored.in(broker.partitions().partition("orders", 1));
        assertThat(stored).hasSize(3);
        assertThat(stored.get(0).key()).isEqualTo("alice");
        assertThat(stored.get(0).value()).isEqualTo("{\"total\": 12.50}");
        assertThat(stored.get(0).headers()).containsExactly("source=web");
        assertThat(stored.get(0).timestamp())
                .isEqualTo(offsets.get(0).path("timestamp").asLong());
        assertThat(stored.get(1).valueBytes()).containsExactly(0, 255);
        assertThat(stored.get(1).keyBytes()).containsExactly(255, 255);
        assertThat(stored.get(2).value()).isNull();
        assertThat(Stored.in(broker.partitions().partition("orders", 2))
                        .getFirst()
                        .value())
                .isEqualTo("hello");
    }

    @Test
    void theAnswerHasNoSpaceAndNoMoreThanIsDocumented() {
        assertThat(calls.post(RECORDS, "{\"records\":[{\"partition\":0,\"value\":1,\"timestamp\":5}]}")
                        .text())
                .isEqualTo("{\"offsets\":[{\"partition\":0,\"offset\":0,\"timestamp\":5}]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "-0",
                "1e400000",
                "0.10000000000000000000000000000000000001",
                "123456789012345678901234567890",
                "\"\"",
                "\"\\ud800\"",
                "\"\\u0000 \\\" \\/ é 🚀\"",
                "true",
                "[ ]",
                "{ }",
                "{\"a\": {\"a\": 1, \"a\": 2} }",
                "[1 , 2\n,\t3]",
                "{\"value\": {\"records\": null}}"
            })
    void aJsonValueIsStoredAsTheVeryBytesThatCame(String value) {
        Answer answer = calls.post(RECORDS, "{\"records\":[{\"partition\":0, \"value\" : " + value + "  }]}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(Stored.in(broker.partitions().partition("orders", 0))
                        .getFirst()
                        .value())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                              | 400 40002 |
            {                                                               | 400 40002 |
            []                                                              | 400 40002 |
            null                                                            | 400 40002 |
            {}                                                              | 400 40001 |
            {"records":[]}                                                  | 400 40001 |
            {"records":{}}                                                  | 400 40001 |
            {"records":null}                                                | 400 40001 |
            {"records":[{"value":1}]} x                                     | 400 40002 |
            {"records":[{"value":1}],}                                      | 400 40002 |
            {"records":[{"value":1}],"records":[]}                          | 400 40002 |
            {"records":[{"value":1}],"acks":"all"}                          | 400 40003 |
            {"acks":"all","records":[{"value":1}]}                          | 400 40003 |
            {"records":[{"value":1},]}                                      | 400 40002 | 1
            {"records":[{"value":1} {"value":1}]}                           | 400 40002 | 0
            {"records":[{"value":1},{"value":NaN}]}                         | 400 40002 | 1
            {"records":[{"value":Infinity}]}                                | 400 40002 | 0
            {"records":[{"value":01}]}                                      | 400 40002 | 0
            {"records":[{"value":1.}]}                                      | 400 40002 | 0
            {"records":[{"value":.5}]}                                      | 400 40002 | 0
            {"records":[{"value":+1}]}                                      | 400 40002 | 0
            {"records":[{"value":1e}]}                                      | 400 40002 | 0
            {"records":[{"value":tru}]}                                     | 400 40002 | 0
            {"records":[{"value":'a'}]}                                     | 400 40002 | 0
            {"records":[{value:1}]}                                         | 400 40002 | 0
            {"records":[{"value":"\\x"}]}                                   | 400 40002 | 0
            {"records":[{"value":"\\u12G4"}]}                               | 400 40002 | 0
            {"records":[{"value":/* */1}]}                                  | 400 40002 | 0
            {"records":[{"value":1},7]}                                     | 400 40006 | 1
            {"records":[null]}                                              | 400 40006 | 0
            {"records":[{}]}                                                | 400 40006 | 0
            {"records":[{"value":1},{"key":"a"}]}                           | 400 40006 | 1
            {"records":[{"value":1,"value_text":"a"}]}                      | 400 40006 | 0
            {"records":[{"value":null,"value_text":"a"}]}                   | 400 40006 | 0
            {"records":[{"value_text":null}]}                               | 400 40006 | 0
            {"records":[{"value_text":1}]}                                  | 400 40006 | 0
            {"records":[{"value_base64":"A"}]}                              | 400 40006 | 0
            {"records":[{"value_base64":"AB=="}]}                           | 400 40006 | 0
            {"records":[{"value_base64":"-_-_"}]}                           | 400 40006 | 0
            {"records":[{"value_base64":"AAA=A"}]}                          | 400 40006 | 0
            {"records":[{"value":1,"value":2}]}                             | 400 40006 | 0
            {"records":[{"value":1,"v\\u0061lue":2}]}                       | 400 40006 | 0
            {"records":[{"value":1,"colour":"red"}]}                        | 400 40006 | 0
            {"records":[{"value":1,"key":7}]}                               | 400 40006 | 0
            {"records":[{"value":1,"key":"a","key_base64":"YQ=="}]}         | 400 40006 | 0
            {"records":[{"value":1,"key":null,"key":"a"}]}                   | 400 40006 | 0
            {"records":[{"value":1,"timestamp":null,"timestamp":null}]}      | 400 40006 | 0
            {"records":[{"value":1,"partition":-1}]}                        | 400 40006 | 0
            {"records":[{"value":1,"partition":3}]}                         | 400 40006 | 0
            {"records":[{"value":1,"partition":2147483648}]}                | 400 40006 | 0
            {"records":[{"value":1,"partition":99999999999999999999}]}      | 400 40006 | 0
            {"records":[{"value":1,"partition":1.0}]}                       | 400 40006 | 0
            {"records":[{"value":1,"partition":"1"}]}                       | 400 40006 | 0
            {"records":[{"value":1,"timestamp":-1}]}                        | 400 40006 | 0
            {"records":[{"value":1,"timestamp":253402300800000}]}           | 400 40006 | 0
            {"records":[{"value":1,"timestamp":9223372036854775808}]}       | 400 40006 | 0
            {"records":[{"value":1,"timestamp":"now"}]}                     | 400 40006 | 0
            {"records":[{"value":1,"headers":"a"}]}                         | 400 40006 | 0
            {"records":[{"value":1,"headers":{"a":1}}]}                     | 400 40006 | 0
            {"records":[{"value":1,"headers":[{"value":"a"}]}]}             | 400 40006 | 0
            {"records":[{"value":1,"headers":[{"name":"a"}]}]}              | 400 40006 | 0
            {"records":[{"value":1,"headers":[{"name":"a","value":"b","value_base64":""}]}]} | 400 40006 | 0
            {"records":[{"value":1,"headers":[{"name":"a","value":"b","x":1}]}]} | 400 40006 | 0
            {"records":[{"value":1,"headers":{"a":"1","b":"2","a":"1"}}]}   | 400 40006 | 0
            {"records":[{"value":1,"headers":{"a":null,"\\u0061":null}}]}   | 400 40006 | 0
            {"records":[{"value":1,"headers":[1]}]}                         | 400 40006 | 0
            {"records":[{"value_text":"\\ud800"}]}                          | 400 40002 | 0
            {"records":[{"key":"\\udc00","value":1}]}                       | 400 40002 | 0
            """)
    void aBodyWithSomethingWrongIsRefusedWhole(String body, String failure, Integer index) {
        Answer answer = calls.post(RECORDS, body);

        assertThat(answer.failure()).as(answer.text()).isEqualTo(failure);
        assertThat(answer.json().path("outcome").asString()).isEqualTo("not_applied");
        if (index != null) {
            assertThat(answer.json().at("/errors/0/index").asInt(-1))
                    .as(answer.text())
                    .isEqualTo(index);
            assertThat(answer.json().at("/errors/0/detail").asString()).isNotBlank();
        }
        assertNothingStored();
        assertTheNextGoodRequestWorks();
    }

    @Test
    void badBytesAreRefused() {
        for (byte[] body : List.of(
                bytes("{\"records\":[{\"value\":\"", 0xff, "\"}]}"),
                bytes("{\"records\":[{\"value\":\"", 0xc0, 0x80, "\"}]}"),
                bytes("{\"records\":[{\"value\":\"", 0xed, 0xa0, 0x80, "\"}]}"),
                bytes("{\"records\":[{\"value\":\"", 0xf4, 0x90, 0x80, 0x80, "\"}]}"),
                bytes("{\"records\":[{\"value\":\"", 0xe2, 0x82, "\"}]}"),
                bytes("{\"records\":[{\"value\":\"", 0, "\"}]}"),
                bytes("{\"records\":[{\"value\":\"", '\n', "\"}]}"),
                bytes("{\"records\":[{\"value\":1}]}", 0),
                bytes(0xef, 0xbb, 0xbf, "{\"records\":[{\"value\":1}]}"),
                "{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_16LE),
                "{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_16),
                "{\"records\":[{\"value\":1}]}".getBytes(Charset.forName("UTF-32")))) {
            assertThat(calls.send("POST", RECORDS, body, "Content-Type", "application/json")
                            .failure())
                    .isEqualTo("400 40002");
        }
        assertNothingStored();
        assertTheNextGoodRequestWorks();
    }

    @Test
    void deepNestingIsRefusedAndDeepEnoughIsNot() {
        String fits = "[".repeat(500) + "]".repeat(500);
        String tooDeep = "[".repeat(501) + "]".repeat(501);
        String farTooDeep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);

        assertThat(calls.post(RECORDS, "{\"records\":[{\"value\":" + fits + "}]}")
                        .status())
                .isEqualTo(200);
        assertThat(calls.post(RECORDS, "{\"records\":[{\"value\":" + tooDeep + "}]}")
                        .failure())
                .isEqualTo("400 40002");
        assertThat(calls.post(RECORDS, "{\"records\":[{\"value\":" + farTooDeep + "}]}")
                        .failure())
                .isEqualTo("400 40002");
    }

    @Test
    void everyBadRecordIsNamedUpToAHundred() {
        var body = new StringBuilder("{\"records\":[{\"value\":1}");
        for (int i = 0; i < 150; i++) {
            body.append(",{\"value\":1,\"partition\":")
                    .append(i % 2 == 0 ? -1 : 3)
                    .append('}');
        }

        JsonNode problem = calls.post(RECORDS, body + "]}").json();

        assertThat(problem.path("errors")).hasSize(100);
        assertThat(problem.path("errors_omitted").asInt()).isEqualTo(50);
        assertThat(problem.at("/errors/0/index").asInt()).isEqualTo(1);
        assertThat(problem.at("/errors/0/error_code").asInt()).isEqualTo(40006);
        assertThat(problem.at("/errors/1/error_code").asInt()).isEqualTo(40402);
        assertThat(problem.path("detail").asString()).endsWith("149 more are refused. Nothing was stored.");
        assertNothingStored();
    }

    @Test
    void tooManyRecordsAreRefused() {
        String many = "{\"value\":1},".repeat(5000) + "{\"value\":1}";

        Answer refused = calls.post(RECORDS, "{\"records\":[" + many + "]}");

        assertThat(refused.failure()).isEqualTo("413 41301");
        assertThat(refused.json().path("detail").asString()).contains("http.max-request-records");
        assertNothingStored();
    }

    @Test
    void aRecordLargerThanTheTopicAllowsIsRefusedByItsIndex() {
        broker.cluster().create("small", 1, Map.of("max.message.bytes", "1024"));
        String large = "\"" + "a".repeat(1024) + "\"";

        Answer refused =
                calls.post("/v1/topics/small/records", "{\"records\":[{\"value\":1},{\"value\":" + large + "}]}");

        assertThat(refused.failure()).isEqualTo("413 41302");
        assertThat(refused.json().at("/errors/0/index").asInt(-1)).isEqualTo(1);
        assertThat(broker.partitions().partition("small", 0).logEndOffset()).isZero();
        assertThat(calls.send("POST", "/v1/topics/small/records", large.getBytes(), "Content-Type", "text/plain")
                        .failure())
                .isEqualTo("413 41302");
    }

    @Test
    void moreThanOneBatchHoldsIsSplit() {
        broker.cluster().create("small", 1, Map.of("max.message.bytes", "1024"));
        String record = "{\"value\":\"" + "a".repeat(200) + "\"}";

        Answer answer = calls.post(
                "/v1/topics/small/records",
                "{\"records\":[" + String.join(",", Collections.nCopies(50, record)) + "]}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()
                        .path("offsets")
                        .valueStream()
                        .map(o -> o.path("offset").asInt()))
                .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
        assertThat(Stored.in(broker.partitions().partition("small", 0))).hasSize(50);
    }

    @Test
    void aLargeBodyIsStoredInOrder() {
        var body = new StringBuilder("{\"records\":[");
        for (int i = 0; i < 4000; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"key\":\"k\",\"value\":{\"n\":")
                    .append(i)
                    .append("}}");
        }

        Answer answer = calls.post(RECORDS, body + "]}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("offsets")).hasSize(4000);
        int partition = answer.json().at("/offsets/0/partition").asInt();
        List<Stored> stored = Stored.in(broker.partitions().partition("orders", partition));
        for (int i = 0; i < 4000; i++) {
            assertThat(stored.get(i).value()).isEqualTo("{\"n\":" + i + "}");
            assertThat(answer.json().at("/offsets/" + i + "/offset").asInt()).isEqualTo(i);
            if (i > 20) {
                i += 97;
            }
        }
    }

    @Test
    void recordsOfOneKeyGoToOnePartitionAndKeylessOnesTogether() {
        JsonNode offsets = calls.post(
                        RECORDS,
                        "{\"records\":[{\"key\":\"a\",\"value\":1},{\"key\":\"b\",\"value\":1},{\"key_base64\":\"YQ==\","
                                + "\"value\":1},{\"value\":1},{\"value\":2},{\"value\":3}]}")
                .json()
                .path("offsets");

        assertThat(offsets.get(0).path("partition")).isEqualTo(offsets.get(2).path("partition"));
        assertThat(offsets.get(0).path("partition").asInt()).isEqualTo(Murmur2.partition("a".getBytes(), 0, 1, 3));
        assertThat(offsets.get(3).path("partition"))
                .isEqualTo(offsets.get(4).path("partition"))
                .isEqualTo(offsets.get(5).path("partition"));
    }

    @Test
    void headersKeepOrderAndRepeatedNames() {
        calls.post(
                RECORDS,
                "{\"records\":[{\"partition\":0,\"value\":1,\"headers\":[{\"name\":\"b\",\"value\":\"1\"},"
                        + "{\"value_base64\":\"MQ\\u003d\\u003d\",\"name\":\"a\"},{\"name\":\"b\",\"value\":null},"
                        + "{\"name\":\"\",\"value\":\"\\u00e9\"}]},{\"partition\":0,\"value\":2,\"headers\":"
                        + "{\"x\":\"1\",\"y\":null}},{\"partition\":0,\"value\":3,\"headers\":null}]}");

        List<Stored> stored = Stored.in(broker.partitions().partition("orders", 0));
        assertThat(stored.get(0).headers()).containsExactly("b=1", "a=1", "b=null", "=é");
        assertThat(stored.get(1).headers()).containsExactly("x=1", "y=null");
        assertThat(stored.get(2).headers()).isEmpty();
    }

    @Test
    void aTimestampTooFarFromTheBrokersClockIsRefused() {
        broker.cluster()
                .create(
                        "bounded",
                        1,
                        Map.of(
                                "message.timestamp.before.max.ms", "60000",
                                "message.timestamp.after.max.ms", "60000"));
        long now = System.currentTimeMillis();

        Answer ahead = calls.post("/v1/topics/bounded/records", """
                {"records":[{"value":1,"timestamp":%d},{"value":2,"timestamp":%d}]}""".formatted(now, now + 120_000));
        Answer behind = calls.post("/v1/topics/bounded/records", """
                {"records":[{"value":1,"timestamp":%d}]}""".formatted(now - 120_000));

        assertThat(ahead.failure()).isEqualTo("400 40006");
        assertThat(ahead.json().at("/errors/0/index").asInt()).isEqualTo(1);
        assertThat(ahead.text()).contains("message.timestamp.after.max.ms allows 60000", "ahead of the broker's clock");
        assertThat(behind.failure()).isEqualTo("400 40006");
        assertThat(behind.text()).contains("message.timestamp.before.max.ms allows 60000");
        assertThat(broker.partitions().partition("bounded", 0).logEndOffset()).isZero();
    }

    @Test
    void byDefaultATimestampMayLieAnHourAheadAndAnyTimeBehind() {
        long now = System.currentTimeMillis();
        String record = "{\"records\":[{\"partition\":0,\"value\":1,\"timestamp\":%d}]}";
        assertThat(calls.post(RECORDS, record.formatted(0)).status()).isEqualTo(200);
        assertThat(calls.post(RECORDS, record.formatted(now + 3_000_000)).status())
                .isEqualTo(200);
        assertThat(calls.post(RECORDS, record.formatted(now + 4_000_000)).failure())
                .isEqualTo("400 40006");
    }

    @Test
    void theBrokersTimeReplacesTheRecordsWhereTheTopicSaysSo() {
        broker.cluster().create("log-time", 1, Map.of("message.timestamp.type", "LogAppendTime"));

        long told = calls.post("/v1/topics/log-time/records", "{\"records\":[{\"value\":1,\"timestamp\":5}]}")
                .json()
                .at("/offsets/0/timestamp")
                .asLong();

        assertThat(told).isGreaterThan(1_700_000_000_000L);
        assertThat(Stored.in(broker.partitions().partition("log-time", 0))
                        .getFirst()
                        .timestamp())
                .isEqualTo(told);
    }

    @Test
    void batchesAreCompressedWhereTheTopicSaysSo() {
        broker.cluster().create("zipped", 1, Map.of("compression.type", "zstd"));
        String value = "\"" + "a".repeat(100_000) + "\"";

        assertThat(calls.post("/v1/topics/zipped/records", "{\"records\":[{\"value\":" + value + "}]}")
                        .status())
                .isEqualTo(200);

        assertThat(broker.partitions().partition("zipped", 0).sizeInBytes()).isLessThan(1000);
        assertThat(Stored.in(broker.partitions().partition("zipped", 0))
                        .getFirst()
                        .value())
                .isEqualTo(value);
    }

    @Test
    void anyOtherTypeIsOneValueVerbatim() {
        byte[] body = bytes(0, 0xff, "{not json", '\r', '\n');

        Answer answer = calls.send(
                "POST",
                RECORDS + "?key=a%20b+c%C3%A9&partition=2&acks=leader&timeout_ms=5000",
                body,
                "Content-Type",
                "application/octet-stream",
                "Record-Header-Trace-Id",
                "1",
                "record-header-trace-id",
                "2",
                "Other",
                "x");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/offsets/0/partition").asInt()).isEqualTo(2);
        Stored stored = Stored.in(broker.partitions().partition("orders", 2)).getFirst();
        assertThat(stored.valueBytes()).isEqualTo(body);
        assertThat(stored.key()).isEqualTo("a b cé");
        assertThat(stored.headers()).containsExactly("trace-id=1", "trace-id=2");
    }

    @Test
    void anEmptyBodyOrOneWithoutATypeIsAValueToo() {
        assertThat(calls.send("POST", RECORDS + "?partition=0", new byte[0]).status())
                .isEqualTo(200);
        assertThat(calls.send("POST", RECORDS + "?partition=0&key=", "x".getBytes())
                        .status())
                .isEqualTo(200);
        assertThat(calls.send("POST", RECORDS + "?partition=0", "y".getBytes(), "Content-Type", "what is this")
                        .status())
                .isEqualTo(200);

        List<Stored> stored = Stored.in(broker.partitions().partition("orders", 0));
        assertThat(stored.get(0).valueBytes()).isEmpty();
        assertThat(stored.get(0).keyBytes()).isNull();
        assertThat(stored.get(1).keyBytes()).isEmpty();
        assertThat(stored.get(2).value()).isEqualTo("y");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/x-www-form-urlencoded               | 415 41500 | text/plain
            application/x-www-form-urlencoded; charset=x    | 415 41500 | --json
            application/cloudevents+json                    | 415 41500 | application/x-ndjson
            application/cloudevents-batch+json              | 415 41500 | application/json
            application/vnd.naru.record-batch               | 415 41500 | application/json
            application/vnd.kafka.json.v2+json              | 415 41500 | application/json
            application/json; charset=utf-16                | 415 41500 | UTF-8
            application/x-ndjson; charset=iso-8859-1        | 415 41500 | UTF-8
            """)
    void typesThatWouldBeMisunderstoodAreRefused(String type, String failure, String hint) {
        Answer answer = calls.send("POST", RECORDS, "{\"records\":[{\"value\":1}]}".getBytes(), "Content-Type", type);

        assertThat(answer.failure()).isEqualTo(failure);
        assertThat(answer.json().path("detail").asString()).contains(hint);
        assertNothingStored();
    }

    @ParameterizedTest
    @CsvSource({"Producer-Id, 400 40001", "Producer-Seq, 400 40001", "ce-specversion, 415 41500"})
    void headersThatAskForWhatIsNotToBeHadAreRefused(String header, String failure) {
        assertThat(calls.post(RECORDS, "{\"records\":[{\"value\":1}]}", header, "1.0")
                        .failure())
                .isEqualTo(failure);
        assertNothingStored();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/topics/none/records            | 404 40401
            /v1/topics/a%20b/records           | 404 40401
            /v1/topics/orders/records?acks=0   | 400 40005
            /v1/topics/orders/records?acks=    | 400 40005
            /v1/topics/orders/records?acks=ALL | 400 40005
            /v1/topics/orders/records?timeout_ms=0 | 400 40005
            /v1/topics/orders/records?timeout_ms=-5 | 400 40005
            /v1/topics/orders/records?timeout_ms=300001 | 400 40005
            /v1/topics/orders/records?timeout_ms=9223372036854775808 | 400 40005
            /v1/topics/orders/records?timeout=5 | 400 40004
            /v1/topics/orders/records?partition=-1 | 400 40005
            /v1/topics/orders/records?partition=2147483648 | 400 40005
            /v1/topics/orders/records?partition=3 | 404 40402
            /v1/topics/orders/records?partition=1&partition=2 | 400 40005
            /v1/topics/orders/records?key=%FF | 400 40005
            """)
    void badParametersAreRefused(String path, String failure) {
        assertThat(calls.send("POST", path, "x".getBytes(), "Content-Type", "text/plain")
                        .failure())
                .isEqualTo(failure);
        assertNothingStored();
        assertTheNextGoodRequestWorks();
    }

    @Test
    void parametersOfOneValueDoNotGoWithJson() {
        assertThat(calls.post(RECORDS + "?key=a", "{\"records\":[{\"value\":1}]}")
                        .failure())
                .isEqualTo("400 40005");
        assertThat(calls.post(RECORDS + "?partition=1", "{\"records\":[{\"value\":1}]}")
                        .failure())
                .isEqualTo("400 40005");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        byte[] body = new byte[(4 << 20) + 1];

        Answer refused = calls.send("POST", RECORDS, body, "Content-Type", "application/octet-stream");

        assertThat(refused.failure()).isEqualTo("413 41301");
        assertThat(refused.json().path("detail").asString()).contains("http.max-request-bytes");
        assertNothingStored();
        assertTheNextGoodRequestWorks();
    }

    @Test
    void aBodyThatNeverEndsHoldsNothingOnceItsSenderIsGone() throws IOException {
        try (var connection = new RawConnection(broker.port())) {
            connection.send("POST " + RECORDS + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1000000\r\n\r\n{\"records\":[");
            await().until(() -> broker.bean(RequestBodies.class).heldBytes() > 0);
        }
        await().until(() -> broker.bean(RequestBodies.class).heldBytes() == 0);
        assertNothingStored();
    }

    @Test
    void aFailureThatAllShareHasItsOwnStatus() {
        for (int partition = 0; partition < 3; partition++) {
            broker.partitions().fail("orders", partition, ErrorCode.STORAGE_FULL);
        }

        Answer refused =
                calls.post(RECORDS, "{\"records\":[{\"partition\":0,\"value\":1},{\"partition\":1,\"value\":1}]}");

        assertThat(refused.failure()).isEqualTo("507 50701");
        assertThat(refused.json().path("retriable").asBoolean()).isTrue();
        assertThat(refused.json().path("outcome").asString()).isEqualTo("not_applied");
    }

    @Test
    void aLeaderThatIsMissingIsToldBeforeAnythingIsStored() {
        broker.partitions().refuse("orders", 1, ErrorCode.LEADER_UNAVAILABLE);

        Answer refused = calls.post(RECORDS, "{\"records\":[{\"partition\":1,\"value\":1}]}");

        assertThat(refused.failure()).isEqualTo("503 50304");
        assertThat(refused.json().path("outcome").asString()).isEqualTo("not_applied");
        broker.partitions().heal();
        assertNothingStored();
    }

    @Test
    void mixedOutcomesAreToldRecordByRecord() {
        broker.partitions().refuse("orders", 1, ErrorCode.LEADER_UNAVAILABLE);
        broker.partitions().fail("orders", 2, ErrorCode.UNCONFIRMED);

        Answer mixed = calls.post(
                RECORDS,
                "{\"records\":[{\"partition\":1,\"value\":1},{\"partition\":0,\"value\":1,\"timestamp\":5},"
                        + "{\"partition\":2,\"value\":1},{\"partition\":0,\"value\":1,\"timestamp\":6}]}");

        assertThat(mixed.status()).isEqualTo(207);
        assertThat(mixed.header("Content-Type")).isEqualTo("application/json");
        JsonNode offsets = mixed.json().path("offsets");
        assertThat(offsets.get(0).path("status").asInt()).isEqualTo(503);
        assertThat(offsets.get(0).path("error_code").asInt()).isEqualTo(50304);
        assertThat(offsets.get(0).path("outcome").asString()).isEqualTo("not_applied");
        assertThat(offsets.get(1).toString()).isEqualTo("{\"partition\":0,\"offset\":0,\"timestamp\":5}");
        assertThat(offsets.get(2).path("outcome").asString()).isEqualTo("unknown");
        assertThat(offsets.get(3).toString()).isEqualTo("{\"partition\":0,\"offset\":1,\"timestamp\":6}");
    }

    @Test
    void keylessRecordsGoWhereTheyCanBeWritten() {
        broker.partitions().refuse("orders", 0, ErrorCode.LEADER_UNAVAILABLE);
        broker.partitions().refuse("orders", 1, ErrorCode.LEADER_UNAVAILABLE);

        for (int i = 0; i < 10; i++) {
            assertThat(calls.post(RECORDS, "{\"records\":[{\"value\":1}]}")
                            .json()
                            .at("/offsets/0/partition")
                            .asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void whenTheDeadlinePassesTheOutcomeIsUnknown() {
        broker.partitions().hold();

        Answer late = calls.post(RECORDS + "?timeout_ms=50", "{\"records\":[{\"partition\":0,\"value\":1}]}");

        assertThat(late.failure()).isEqualTo("504 50401");
        assertThat(late.json().path("outcome").asString()).isEqualTo("unknown");
        assertThat(late.json().path("retriable").asBoolean()).isTrue();
    }

    @Test
    void whatIsStoredAndWhatIsLateIsToldApart() {
        broker.partitions().hold();
        broker.partitions().fail("orders", 1, ErrorCode.STORAGE_FULL);

        Answer late = calls.post(
                RECORDS + "?timeout_ms=50",
                "{\"records\":[{\"partition\":0,\"value\":1},{\"partition\":1,\"value\":1}]}");

        assertThat(late.status()).isEqualTo(207);
        assertThat(late.json()
                        .path("offsets")
                        .valueStream()
                        .map(o -> o.path("outcome").asString()))
                .containsExactly("unknown", "not_applied");
    }

    @Test
    void writingIsMeasured() {
        calls.post(RECORDS, "{\"records\":[{\"partition\":0,\"value\":1},{\"partition\":1,\"value\":1}]}");

        String metrics = calls.get("/actuator/prometheus").text();

        assertThat(metrics.lines())
                .anyMatch(line -> line.startsWith("messagesin_total{topic=\"orders\"}"))
                .anyMatch(line -> line.startsWith("bytesin_total{topic=\"orders\"}"))
                .anyMatch(line -> line.startsWith("request_time_seconds_bucket{request=\"produce\""));
    }

    @Test
    void base64OfAllLengthsComesBackAsItWas() {
        for (int length = 0; length < 70; length++) {
            byte[] value = new byte[length];
            new Random(length).nextBytes(value);
            String text = Base64.getEncoder().encodeToString(value).replace("/", "\\/");
            String unpadded = Base64.getEncoder().withoutPadding().encodeToString(value);

            calls.post(
                    RECORDS,
                    "{\"records\":[{\"partition\":0,\"value_base64\":\"" + text + "\",\"key_base64\":\"" + unpadded
                            + "\"}]}");

            Stored stored =
                    Stored.in(broker.partitions().partition("orders", 0)).getLast();
            assertThat(stored.valueBytes()).isEqualTo(value);
            assertThat(stored.keyBytes()).isEqualTo(value);
        }
    }

    private static void assertNothingStored() {
        for (int partition = 0; partition < 3; partition++) {
            assertThat(broker.partitions().partition("orders", partition).logEndOffset())
                    .isZero();
        }
    }

    private static void assertTheNextGoodRequestWorks() {
        assertThat(calls.post(RECORDS, "{\"records\":[{\"value\":1}]}").status())
                .isEqualTo(200);
    }

    private static byte[] bytes(Object... parts) {
        var out = new ByteArrayOutputStream();
        for (Object part : parts) {
            switch (part) {
                case Integer i -> out.write(i);
                case Character c -> out.write(c);
                default -> out.writeBytes(part.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }
}

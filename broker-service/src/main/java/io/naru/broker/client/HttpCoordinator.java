package io.naru.broker.client;

import io.naru.broker.metadata.Coordinator;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataCodec;
import io.naru.cluster.MetadataDelta;
import io.naru.cluster.NaruException;
import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.cluster.protocol.Heartbeat;
import io.naru.cluster.protocol.Problem;
import io.naru.cluster.protocol.QuorumView;
import io.naru.cluster.protocol.TopicCommand;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the coordinators over HTTP. Any of them will do; one that cannot be reached is left for the next in the list,
 * and the one that answered last is asked first. A request that may have been read is not sent to another, except
 * where asking twice does no harm.
 */
public final class HttpCoordinator implements Coordinator, AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT_LIMIT = Duration.ofSeconds(1);
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(15);

    private final List<URI> coordinators;
    private final AtomicInteger preferred = new AtomicInteger();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .executor(Runnable::run)
            .build();
    private final JsonMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            // A newer coordinator may say more than this broker understands.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Asks the coordinators at these addresses, for instance {@code http://127.0.0.1:9080}; at least one. */
    public HttpCoordinator(List<URI> coordinators) {
        if (coordinators.isEmpty()) {
            throw new IllegalArgumentException("coordinator.urls is empty; it names at least one coordinator");
        }
        this.coordinators = List.copyOf(coordinators);
    }

    @Override
    public BrokerRegistration.Accepted register(int brokerId, BrokerRegistration registration) {
        return post(
                "/internal/brokers/" + brokerId + "/registration",
                registration,
                BrokerRegistration.Accepted.class,
                COMMAND_LIMIT,
                true);
    }

    @Override
    public Heartbeat.Answer heartbeat(int brokerId, Heartbeat heartbeat) {
        return post(
                "/internal/brokers/" + brokerId + "/heartbeat",
                heartbeat,
                Heartbeat.Answer.class,
                HEARTBEAT_LIMIT,
                true);
    }

    @Override
    public MetadataDelta metadataAfter(long version, Duration wait) {
        String path = "/internal/metadata?after_version=%d&wait_ms=%d".formatted(version, wait.toMillis());
        HttpResponse<byte[]> response = send(
                base -> request(base, path, wait.plus(COMMAND_LIMIT))
                        .header("Accept", MetadataCodec.MEDIA_TYPE)
                        .GET(),
                true);
        return MetadataCodec.decodeDelta(response.body());
    }

    @Override
    public TopicCommand.Done createTopic(TopicCommand.Create command) {
        return post("/internal/topics", command, TopicCommand.Done.class, COMMAND_LIMIT, false);
    }

    @Override
    public TopicCommand.Done alterTopic(String topic, TopicCommand.Alter command) {
        return post(
                "/internal/topics/" + topic + "/alteration", command, TopicCommand.Done.class, COMMAND_LIMIT, false);
    }

    @Override
    public TopicCommand.Done deleteTopic(String topic, TopicCommand.Delete command) {
        return post("/internal/topics/" + topic + "/deletion", command, TopicCommand.Done.class, COMMAND_LIMIT, false);
    }

    @Override
    public QuorumView quorum() {
        return read(send(base -> request(base, "/v1/quorum", HEARTBEAT_LIMIT).GET(), true), QuorumView.class);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private <T> T post(String path, Object body, Class<T> answer, Duration limit, boolean repeatable) {
        byte[] bytes = json.writeValueAsBytes(body);
        return read(
                send(
                        base -> request(base, path, limit)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)),
                        repeatable),
                answer);
    }

    private static HttpRequest.Builder request(URI base, String path, Duration limit) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(limit);
    }

    private interface RequestTo {
        HttpRequest.Builder at(URI coordinator);
    }

    private HttpResponse<byte[]> send(RequestTo request, boolean repeatable) {
        int first = preferred.get();
        NaruException last = null;
        for (int i = 0; i < coordinators.size(); i++) {
            int index = Math.floorMod(first + i, coordinators.size());
            try {
                HttpResponse<byte[]> response =
                        http.send(request.at(coordinators.get(index)).build(), HttpResponse.BodyHandlers.ofByteArray());
                preferred.set(index);
                if (response.statusCode() / 100 == 2) {
                    return response;
                }
                throw refusal(response);
            } catch (IOException e) {
                boolean unsent = e instanceof java.net.ConnectException
                        || e instanceof java.net.http.HttpConnectTimeoutException;
                if (!unsent && !repeatable) {
                    throw new NaruException(
                            ErrorCode.TIMED_OUT,
                            "The coordinator at %s took the request but did not answer; the change may have happened. Look before sending it again."
                                    .formatted(coordinators.get(index)),
                            e);
                }
                last = unreachable(coordinators.get(index), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NaruException(
                        ErrorCode.COORDINATOR_UNAVAILABLE, "The broker stopped waiting for the coordinator.", e);
            }
        }
        throw last == null ? new IllegalStateException("no coordinators") : last;
    }

    private static NaruException unreachable(URI coordinator, IOException cause) {
        return new NaruException(
                ErrorCode.COORDINATOR_UNAVAILABLE,
                "No coordinator answers; the last one asked was %s (%s). Topics cannot be changed until one does; produce and read go on."
                        .formatted(coordinator, cause.getClass().getSimpleName()),
                cause);
    }

    private NaruException refusal(HttpResponse<byte[]> response) {
        try {
            Problem problem = json.readValue(response.body(), Problem.class);
            return new NaruException(ErrorCode.of(problem.errorCode()), problem.detail());
        } catch (JacksonException e) {
            return new NaruException(
                    ErrorCode.COORDINATOR_UNAVAILABLE,
                    "%s answered %d, which no coordinator says. Is coordinator.urls right?"
                            .formatted(response.uri(), response.statusCode()),
                    e);
        }
    }

    private <T> T read(HttpResponse<byte[]> response, Class<T> type) {
        try {
            return json.readValue(response.body(), type);
        } catch (JacksonException e) {
            throw new NaruException(
                    ErrorCode.COORDINATOR_UNAVAILABLE,
                    "%s answered something no coordinator says. Is coordinator.urls right?".formatted(response.uri()),
                    e);
        }
    }
}

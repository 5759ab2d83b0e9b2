package io.naru.broker.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.cluster.NaruException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTests {
    @Test
    void parametersKeepTheirOrder() {
        Query query = Query.parse("b=1&a=&b=2&c&=x&&d=%26%3D");

        assertThat(query.size()).isEqualTo(6);
        assertThat(query.get("b")).isEqualTo("1");
        assertThat(query.get("a")).isEmpty();
        assertThat(query.get("c")).isEmpty();
        assertThat(query.get("")).isEqualTo("x");
        assertThat(query.get("d")).isEqualTo("&=");
        assertThat(query.get("e")).isNull();
        assertThat(query.name(2)).isEqualTo("b");
        assertThat(query.value(2)).isEqualTo("2");
    }

    @Test
    void bytesThatCameUnescapedAreUtf8() {
        assertThat(Query.parse("k=\u00c3\u00a9").get("k")).isEqualTo("é");
    }

    @Property
    void whatAFormEncodesComesBack(@ForAll String value) {
        if (new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(value)) {
            assertThat(Query.parse("k=" + URLEncoder.encode(value, StandardCharsets.UTF_8))
                            .get("k"))
                    .isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"k=%", "k=%4", "k=%zz", "%", "k=%FF", "k=%C3", "k=%ED%A0%80", "k=%C0%80", "k=\u20ac", "k=%4&a=1"
            })
    void whatIsNoUtf8IsRefused(String raw) {
        assertThatThrownBy(() -> Query.parse(raw)).isInstanceOf(NaruException.class);
    }
}

package io.espalier.surgery.torchscript.pickle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PickleRoundTripTest {
    private static Pickled read(byte[] pickle) {
        return PickleReader.read("test.pkl", ByteBuffer.wrap(pickle));
    }

    @Property
    void whatIsWrittenReadsBackTheSame(@ForAll("trees") Pickled tree) {
        assertThat(read(PickleWriter.write(tree))).isEqualTo(tree);
    }

    @Provide
    Arbitrary<Pickled> trees() {
        Arbitrary<Object> scalars = Arbitraries.oneOf(
                Arbitraries.longs().map(Object.class::cast),
                Arbitraries.doubles().map(Object.class::cast),
                Arbitraries.strings().ofMaxLength(20).map(PickleRoundTripTest::encodable),
                Arbitraries.of(true, false).map(Object.class::cast));
        Arbitrary<Pickled> leaves = scalars.optional().map(Pickled.Scalar::new);
        Arbitrary<Pickled> level = leaves;
        for (int i = 0; i < 3; i++) {
            Arbitrary<List<Pickled>> children = level.list().ofMaxSize(4);
            level = Arbitraries.oneOf(
                    leaves,
                    children.map(Pickled.Tuple::new),
                    children.map(items -> new Pickled.Sequence(new ArrayList<>(items))),
                    children.map(items -> new Pickled.Dictionary(new ArrayList<>(items.subList(0, items.size() & ~1)))),
                    children.map(items -> new Pickled.Call(
                            new Pickled.Global("collections", "OrderedDict"), new Pickled.Tuple(items))),
                    level.map(Pickled.Persistent::new));
        }
        return level;
    }

    /** Unpaired surrogates have no UTF-8 form, so no pickle can hold them. */
    private static Object encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Test
    void whatWasSharedStaysShared() {
        Pickled.Sequence shared = new Pickled.Sequence(new ArrayList<>());
        Pickled.Tuple root = (Pickled.Tuple) read(PickleWriter.write(new Pickled.Tuple(List.of(shared, shared))));
        assertThat(root.items().get(0)).isSameAs(root.items().get(1));
        Pickled.Tuple apart = (Pickled.Tuple)
                read(PickleWriter.write(new Pickled.Tuple(List.of(shared, new Pickled.Sequence(new ArrayList<>())))));
        assertThat(apart.items().get(0)).isNotSameAs(apart.items().get(1));
    }

    @Test
    void aMemoOfMoreThan256EntriesStaysRight() {
        List<Pickled> items = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            Pickled text = new Pickled.Scalar(Optional.of("text " + i));
            items.add(text);
            items.add(text);
        }
        Pickled root = new Pickled.Tuple(items);
        assertThat(read(PickleWriter.write(root))).isEqualTo(root);
    }

    @Test
    void anObjectKeepsItsClassAndState() {
        Pickled.Instance object = new Pickled.Instance(new Pickled.Global("__torch__.a", "Net"));
        object.build(new Pickled.Dictionary(new ArrayList<>()));
        Pickled.Instance read = (Pickled.Instance) read(PickleWriter.write(object));
        assertThat(read.type().qualified()).isEqualTo("__torch__.a.Net");
        assertThat(read.state()).contains(new Pickled.Dictionary(new ArrayList<>()));
    }

    @Test
    void readsIntegersOfAnyLength() {
        assertThat(read(new byte[] {(byte) 0x80, 2, (byte) 0x8a, 2, 0, (byte) 0x80, '.'}))
                .isEqualTo(new Pickled.Scalar(Optional.of(-32768L)));
        assertThat(read(new byte[] {(byte) 0x80, 2, (byte) 0x8a, 0, '.'}))
                .isEqualTo(new Pickled.Scalar(Optional.of(0L)));
    }
}

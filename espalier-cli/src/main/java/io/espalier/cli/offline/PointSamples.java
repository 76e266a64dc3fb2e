package io.espalier.cli.offline;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.ProductSums;
import io.espalier.protocol.score.WindowRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was seen at one capture point, pane by pane. */
final class PointSamples {
    private final CapturePoint point;
    private final ShardKey key;
    private final BatchBuilder batch;
    private final List<PaneStatistics> panes = new ArrayList<>();
    // One for all panes: of wide layers they are large.
    private final Optional<ProductSums> products;

    PointSamples(VersionKey model, CapturePoint point, boolean products) {
        this.point = point;
        this.key = new ShardKey(model.model(), model.version(), point.name(), 0);
        this.batch = new BatchBuilder(key, point.units(), point.positions(), "offline");
        this.products = products ? Optional.of(new ProductSums(point.units())) : Optional.empty();
    }

    /** Adds a sample, row-major [units][positions]; one with a value that is not finite is left out whole. */
    void add(float[] captured) {
        if (batch.add(captured, 0)) {
            products.ifPresent(sums -> sums.add(captured, 0, point.positions()));
        }
    }

    void endPane() {
        PaneStatistics pane = PaneStatistics.create(point.units(), point.positions());
        if (batch.samples() > 0) {
            pane.add(batch.build());
        }
        panes.add(pane);
    }

    /** Of all panes that were ended. */
    Expressiveness record() {
        if (panes.isEmpty()) {
            endPane();
        }
        // There is no event time here: the window is the data.
        return new WindowRecord(panes).of(key, new Expressiveness.Window(0, 0, panes.size()), products);
    }
}

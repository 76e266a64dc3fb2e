package io.espalier.surgery.torchscript;

import io.espalier.surgery.stage.Tap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Prints how a tapped tensor is taken. */
final class TapPrinter {
    private TapPrinter() {}

    static String statement(Tap tap, String name) {
        String value = MethodPrinter.variable(tap.value());
        String moved = value;
        if (tap.unitDim() != 1) {
            List<Integer> order = new ArrayList<>(List.of(0, tap.unitDim()));
            IntStream.range(1, tap.rank()).filter(d -> d != tap.unitDim()).forEach(order::add);
            moved = "torch.permute(" + value + ", " + order + ")";
        }
        if (tap.padding().length > 0) {
            moved = "torch.constant_pad_nd(" + moved + ", " + Arrays.toString(tap.padding()) + ", 0)";
        }
        String flat = tap.rank() == 2 ? "torch.unsqueeze(" + moved + ", 2)" : "torch.flatten(" + moved + ", 2, -1)";
        // A copy in both cases, since an in-place operator may overwrite the value later.
        String picked = "torch.clone(" + flat + ")";
        if (tap.picked().length > 0) {
            picked = "torch.index_select(" + flat + ", 2, torch.tensor(" + Arrays.toString(tap.picked())
                    + ", dtype=4, device=ops.prim.device(" + value + "), requires_grad=False))";
        }
        return name + " = torch.to(" + picked + ", 6, False, False, None)";
    }
}

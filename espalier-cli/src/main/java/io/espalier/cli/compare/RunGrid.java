package io.espalier.cli.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * Which runs are asked for: each criterion with each target, each recipe and each seed.
 *
 * @param targets shares to keep at most, each above 0 and below 1
 * @param seeds how many, from seed 1 on
 */
public record RunGrid(List<ComparedCriterion> criteria, List<Double> targets, List<Recipe> recipes, int seeds) {
    /** Drops what is named twice. */
    public RunGrid {
        if (seeds < 1) {
            throw new IllegalArgumentException("--seeds must be 1 or more, not " + seeds);
        }
        for (double target : targets) {
            if (!(target > 0 && target < 1)) {
                throw new IllegalArgumentException(
                        "--targets are shares to keep, above 0 and below 1, and " + target + " is none");
            }
        }
        criteria = criteria.stream().distinct().toList();
        targets = targets.stream().distinct().toList();
        recipes = recipes.stream().distinct().toList();
    }

    int size() {
        return criteria.size() * targets.size() * recipes.size() * seeds;
    }

    /** Recipes of the same cut follow each other. */
    List<RunKey> ofSeed(int seed) {
        List<RunKey> keys = new ArrayList<>();
        for (ComparedCriterion criterion : criteria) {
            for (double target : targets) {
                recipes.forEach(recipe -> keys.add(new RunKey(criterion, target, recipe, seed)));
            }
        }
        return keys;
    }

    List<RunKey> all() {
        List<RunKey> keys = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            keys.addAll(ofSeed(seed));
        }
        return keys;
    }
}

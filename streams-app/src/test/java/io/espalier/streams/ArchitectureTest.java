package io.espalier.streams;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.espalier.streams");

    @Test
    void onlyTheLivePanesTouchKafkasInternalPackages() {
        noClasses()
                .that()
                .doNotHaveSimpleName("LivePaneStore")
                .and()
                .doNotHaveSimpleName("CommitTask")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka.streams..internals..")
                .check(classes);
    }

    @Test
    void onlyTheCompressorRunsModels() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.espalier.streams", "io.espalier.streams.compressor")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.espalier.runtime..", "io.espalier.surgery..", "ai.djl..")
                .check(classes);
    }

    @Test
    void topologiesKnowNothingOfHttpOrTheCompressor() {
        noClasses()
                .that()
                .resideInAnyPackage("..topology..", "..store..", "..deadletter..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..http..", "..compressor..", "io.espalier.streams.query..", "..settings..", "io.javalin..")
                .check(classes);
    }
}

package io.espalier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who may know whom: docs/decisions/modules.md. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // The classes are read once.
final class ModuleArrowsTest {
    private static final String PROTOCOL = "io.espalier.protocol..";
    private static final String SURGERY = "io.espalier.surgery..";
    private static final String RUNTIME = "io.espalier.runtime..";
    private static final String BROKER = "io.espalier.broker..";
    private static final String PLANNER = "io.espalier.planner..";
    private static final String SETTINGS = "io.espalier.settings..";
    private static final String STREAMS = "io.espalier.streams..";
    private static final String SIDECAR = "io.espalier.sidecar..";
    private static final String CLI = "io.espalier.cli..";

    /** Quantiles of Student and of the normal distribution. */
    private static final String DISTRIBUTIONS = "org.apache.commons.statistics.distribution..";

    private final JavaClasses project = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.espalier");

    @Test
    void protocolKnowsProtobufJacksonEjmlAndDistributionsOnly() {
        classes()
                .that()
                .resideInAPackage(PROTOCOL)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        PROTOCOL,
                        "java..",
                        "com.google.protobuf..",
                        "com.fasterxml.jackson..",
                        "org.ejml..",
                        DISTRIBUTIONS)
                .check(project);
    }

    @Test
    void surgeryKnowsThePlatformOnlyAndMatricesWhereItFits() {
        classes()
                .that()
                .resideInAPackage(SURGERY)
                .and()
                .resideOutsideOfPackage("io.espalier.surgery.refit..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(SURGERY, "java..")
                .check(project);
        classes()
                .that()
                .resideInAPackage("io.espalier.surgery.refit..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(SURGERY, "java..", "org.ejml..")
                .check(project);
    }

    @Test
    void settingsKnowSmallRyeAndThePlatformOnly() {
        classes()
                .that()
                .resideInAPackage(SETTINGS)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(SETTINGS, "java..", "io.smallrye.config..", "org.eclipse.microprofile.config..")
                .check(project);
    }

    @Test
    void plannerKnowsTheProtocolAndDistributionsOnly() {
        classes()
                .that()
                .resideInAPackage(PLANNER)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(PLANNER, PROTOCOL, "java..", DISTRIBUTIONS)
                .check(project);
    }

    @Test
    void onlyTheRuntimeKnowsTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage(RUNTIME)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .check(project);
    }

    @Test
    void onlyComparisonsAreDrawn() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.espalier.cli.compare..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.knowm..", "java.awt..")
                .check(project);
    }

    @Test
    void onlyTheLivePanesKnowTheInsideOfKafkaStreams() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.espalier.streams.store.LivePaneStore")
                .and()
                .doNotHaveFullyQualifiedName("io.espalier.streams.store.CommitTask")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka.streams..internals..")
                .check(project);
    }

    @Test
    void onlyTheEmbeddedBrokerKnowsTheInsideOfTheBroker() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BROKER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("kafka..", "org.apache.kafka.metadata..", "org.apache.kafka.server..")
                .check(project);
    }

    @Test
    void servicesDoNotKnowEachOtherNorTheCommand() {
        noClasses()
                .that()
                .resideInAnyPackage(STREAMS, PLANNER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SIDECAR, CLI, BROKER)
                .check(project);
        noClasses()
                .that()
                .resideInAPackage(SIDECAR)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(STREAMS, PLANNER, CLI, BROKER)
                .check(project);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("io.espalier.(*)..").should().beFreeOfCycles().check(project);
        slices().matching("io.espalier.streams.(*)..").should().beFreeOfCycles().check(project);
        slices().matching("io.espalier.sidecar.(*)..").should().beFreeOfCycles().check(project);
        slices().matching("io.espalier.protocol.(*)..")
                .should()
                .beFreeOfCycles()
                .check(project);
        slices().matching("io.espalier.surgery.(*)..").should().beFreeOfCycles().check(project);
    }
}

package io.naru.broker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.naru.broker.metadata.ClusterView;
import io.naru.broker.metadata.Coordinator;
import io.naru.broker.partition.Acks;
import io.naru.broker.partition.Appended;
import io.naru.broker.partition.Partition;
import io.naru.broker.partition.Partitions;
import io.naru.broker.partition.Subscription;
import io.naru.broker.partition.TopicSettings;
import io.naru.commitlog.LogDamagedException;
import io.naru.commitlog.LogSlice;
import io.naru.commitlog.StaleSliceException;

/** Which package of the broker may know which. */
@AnalyzeClasses(packages = "io.naru.broker", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {
    @ArchTest
    static final ArchRule springStaysAtTheEdges = noClasses()
            .that()
            .resideOutsideOfPackages("..broker.api..", "..broker.client..", "..broker.config..")
            .and()
            .doNotHaveFullyQualifiedName(BrokerApplication.class.getName())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "reactor..", "io.netty..", "tools.jackson..", "io.swagger..")
            .because("partitions, metadata and loops must run in a simulation without a container");

    @ArchTest
    static final ArchRule theApiKnowsPortsOnly = classes()
            .that()
            .resideInAPackage("..broker.api..")
            .should()
            .onlyDependOnClassesThat(new DescribedPredicate<JavaClass>("are ports, or no part of the broker's inside") {
                @Override
                public boolean test(JavaClass type) {
                    String name = type.getPackageName();
                    return isPort(type)
                            || !name.startsWith("io.naru.")
                            || name.startsWith("io.naru.broker.api")
                            || name.startsWith("io.naru.cluster")
                            || name.startsWith("io.naru.commitlog.batch")
                            || name.startsWith("io.naru.commitlog.damage")
                            || type.isEquivalentTo(LogDamagedException.class)
                            || type.isEquivalentTo(LogSlice.class)
                            || type.isEquivalentTo(StaleSliceException.class);
                }
            })
            .because("another adapter must be able to stand on the same ports");

    @ArchTest
    static final ArchRule nobodyInsideKnowsTheApi = noClasses()
            .that()
            .resideInAnyPackage(
                    "..broker.partition..", "..broker.metadata..", "..broker.client..", "..broker.runtime..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..broker.api..", "..broker.config..");

    @ArchTest
    static final ArchRule nobodyDependsOnTheWiring = noClasses()
            .that()
            .resideOutsideOfPackage("..broker.config..")
            .and()
            .doNotHaveFullyQualifiedName(BrokerApplication.class.getName())
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..broker.config..");

    @ArchTest
    static final ArchRule partitionsKnowNothingOfTheirSurroundings = noClasses()
            .that()
            .resideInAPackage("..broker.partition..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..broker.client..", "java.net.http..");

    @ArchTest
    static final ArchRule noTwoRoomsOfTheApiNeedEachOther =
            slices().matching("io.naru.broker.api.(**)").should().beFreeOfCycles();

    private static boolean isPort(JavaClass type) {
        for (Class<?> port : new Class<?>[] {
            Partitions.class,
            Partition.class,
            Appended.class,
            Acks.class,
            Subscription.class,
            TopicSettings.class,
            ClusterView.class,
            Coordinator.class
        }) {
            if (type.isEquivalentTo(port)) {
                return true;
            }
        }
        return false;
    }
}

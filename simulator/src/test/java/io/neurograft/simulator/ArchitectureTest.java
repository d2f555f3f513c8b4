package io.neurograft.simulator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessField;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callConstructor;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;

/** The rules of the house: who may know whom, and what its pure rooms stay free of. */
@AnalyzeClasses(packages = "io.neurograft", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

  private static final String PROTO = "io.neurograft.proto..";
  private static final String NEURAL = "io.neurograft.neural..";
  private static final String FUSION = "io.neurograft.fusion..";
  private static final String CLIENT = "io.neurograft.client..";
  private static final String COORDINATOR = "io.neurograft.coordinator..";
  private static final String SIMULATOR = "io.neurograft.simulator..";

  @ArchTest
  static final ArchRule proto_knowsNobody =
      in(PROTO).should(dependOn(NEURAL, FUSION, CLIENT, COORDINATOR, SIMULATOR));

  @ArchTest
  static final ArchRule neural_knowsNobody =
      in(NEURAL).should(dependOn(PROTO, FUSION, CLIENT, COORDINATOR, SIMULATOR));

  @ArchTest
  static final ArchRule fusion_knowsNeuralAlone =
      in(FUSION).should(dependOn(PROTO, CLIENT, COORDINATOR, SIMULATOR));

  @ArchTest
  static final ArchRule client_isInstalledAlone =
      in(CLIENT).should(dependOn(FUSION, COORDINATOR, SIMULATOR));

  @ArchTest
  static final ArchRule coordinator_neverSeesASite =
      in(COORDINATOR).should(dependOn(CLIENT, SIMULATOR));

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.neurograft.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule wire_staysInRpcAndTransfer =
      outside(PROTO, "..rpc..", "..transfer..")
          .should(dependOn("io.grpc..", "com.google.protobuf..", "io.neurograft.proto.v1.."))
          .because("the rest of a module speaks its own words and is tested without a server");

  @ArchTest
  static final ArchRule engine_staysInTensor =
      outside("io.neurograft.neural.tensor..")
          .should(dependOn("ai.djl.pytorch.."))
          .because("threads, devices and native operators have one owner");

  @ArchTest
  static final ArchRule pureRooms_touchNoFileAndNoSocket =
      pure()
          .should(dependOn("java.io..", "java.nio.file..", "java.nio.channels..", "java.net.."))
          .orShould(dependOn("java.sql.."));

  @ArchTest
  static final ArchRule pureRooms_startNoThread =
      pure()
          .should(dependOn("java.util.concurrent.."))
          .orShould(dependOnClassesThat(assignableTo(Thread.class)));

  @ArchTest
  static final ArchRule pureRooms_readNoClock =
      pure()
          .should(callMethod(System.class, "nanoTime"))
          .orShould(callMethod(System.class, "currentTimeMillis"))
          .orShould(callMethod(Instant.class, "now"))
          .orShould(dependOnClassesThat(assignableTo(Clock.class)))
          .because("time is injected, so that a run can be replayed");

  @ArchTest
  static final ArchRule chance_isSeeded =
      noClasses()
          .should(callConstructor(Random.class))
          .orShould(callMethod(Math.class, "random"))
          .orShould(dependOnClassesThat(assignableTo(ThreadLocalRandom.class)))
          .because("two runs with one seed are equal");

  @ArchTest
  static final ArchRule standardOutput_belongsToTheCommands =
      outside("..command..")
          .should(accessField(System.class, "out"))
          .because("--format json promises one document there and nothing else");

  @ArchTest
  static final ArchRule packages_areNullMarked =
      classes()
          .that()
          .resideOutsideOfPackage("io.neurograft.proto.v1..")
          .should(ArchCondition.from(describe("be null-marked", ArchitectureTest::isNullMarked)))
          .because("null stands only where a type says @Nullable");

  private static GivenClassesConjunction in(String... packages) {
    return noClasses().that().resideInAnyPackage(packages);
  }

  private static GivenClassesConjunction outside(String... packages) {
    return noClasses().that().resideOutsideOfPackages(packages);
  }

  private static GivenClassesConjunction pure() {
    return in("io.neurograft.coordinator.run..", FUSION);
  }

  private static ArchCondition<JavaClass> dependOn(String... packages) {
    return dependOnClassesThat(resideInAnyPackage(packages));
  }

  private static boolean isNullMarked(JavaClass type) {
    return type.getPackage().isAnnotatedWith(NullMarked.class);
  }
}

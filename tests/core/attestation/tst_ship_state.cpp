#include "core/attestation/ship_state.h"
#include "core/attestation/verdict.h"
#include "core/base/device_code.h"
#include "tests/core/attestation/attestation_bench.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using namespace enroll::test;

class tst_ship_state : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void looksAtNothingUnlessTheProfileDoes()
    {
        Bench bench;
        bench.tpm.setContents({{0x81000007}, {0x01800001}});
        const auto report = bench.attest();
        QCOMPARE(report.verdict.outcome, Outcome::Pass);
        QVERIFY(!report.facts.contents.has_value());
    }

    void holdsWhatTheProfileDoesNotName_data()
    {
        QTest::addColumn<uint>("object");
        QTest::addColumn<uint>("index");
        QTest::addColumn<QString>("finding");
        QTest::newRow("nothing") << 0U << 0U << "";
        QTest::newRow("storage root key") << 0x81000001U << 0U << "";
        QTest::newRow("enrolled key") << 0x81010001U << 0U << "";
        QTest::newRow("named object") << 0x81000005U << 0U << "";
        QTest::newRow("last of a named range") << 0x8101FFFFU << 0U << "";
        QTest::newRow("named index") << 0U << 0x01800004U << "";
        QTest::newRow("behind the range") << 0x81020000U << 0U << "tpm-foreign-object";
        QTest::newRow("another object") << 0x81000006U << 0U << "tpm-foreign-object";
        QTest::newRow("another index") << 0U << 0x01800005U << "tpm-foreign-index";
    }
    void holdsWhatTheProfileDoesNotName()
    {
        QFETCH(const uint, object);
        QFETCH(const uint, index);
        QFETCH(const QString, finding);
        Bench bench;
        bench.policy.shipState = shipState();
        TpmContents contents{{kDeviceSdkHandle}, {}};
        if (object != 0) {
            contents.persistentHandles.push_back(object);
        }
        if (index != 0) {
            contents.ownerIndices.push_back(index);
        }
        bench.tpm.setContents(contents);
        const auto report = bench.attest();
        const Verdict held{Outcome::Hold, DeviceCode::NotAsShipped};
        QCOMPARE(report.verdict, finding.isEmpty() ? (Verdict{Outcome::Pass, {}}) : held);
        QCOMPARE(report.facts.contents, std::optional{contents});
        QVERIFY(finding.isEmpty() || hasFinding(report, finding.toStdString()));
    }

    void saysWhatADeviceSdkLeft()
    {
        Bench bench;
        bench.policy.shipState = shipState();
        bench.tpm.setContents({{kDeviceSdkHandle, 0x81000006, 0x81000100}, {0x01400100}});
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Hold, DeviceCode::NotAsShipped}));
        const auto textsOf = [&report](std::string_view id) {
            std::string texts;
            for (const auto& finding : report.findings) {
                texts += finding.id == id ? finding.text + "\n" : "";
            }
            return texts;
        };
        const auto objects = textsOf("tpm-foreign-object");
        QVERIFY2(objects.find("At 0x81000100 lies the identity") != std::string::npos, objects.c_str());
        QVERIFY2(objects.find("does not name: 0x81000006.") != std::string::npos, objects.c_str());
        const auto indices = textsOf("tpm-foreign-index");
        QVERIFY2(indices.find("At 0x01400100 lie data of the identity") != std::string::npos, indices.c_str());
    }

    void letsADeviceSdksIdentityBeNamed()
    {
        Bench bench;
        bench.policy.shipState = shipState();
        bench.policy.shipState->persistentHandles.push_back({0x81000100, 0x81000100});
        bench.policy.shipState->ownerIndices.push_back({0x01400100, 0x01400100});
        bench.tpm.setContents({{kDeviceSdkHandle, 0x81000100}, {0x01400100}});
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
    }

    void holdsAForeignKeyWhereDeviceSdksLook_data()
    {
        using Handle = std::optional<std::uint32_t>;
        QTest::addColumn<int>("enrolls");
        QTest::addColumn<Handle>("readAt");
        QTest::addColumn<Handle>("certifiedAt");
        QTest::addColumn<bool>("ownThere");
        QTest::addColumn<bool>("held");
        const auto row = [](const char* name, EkTemplate enrolls, Handle readAt, Handle certifiedAt, bool ownThere,
                            bool held) {
            QTest::newRow(name) << static_cast<int>(enrolls) << readAt << certifiedAt << ownThere << held;
        };
        row("the enrolled key", EkTemplate::TcgL1, kDeviceSdkHandle, {}, false, false);
        row("a foreign key", EkTemplate::TcgL1, {}, {}, false, true);
        row("the key of the certificate", EkTemplate::TcgL1, {}, kDeviceSdkHandle, false, false);
        row("that key lies elsewhere", EkTemplate::TcgL1, {}, 0x81010016, false, true);
        row("beside a P-256 key: a certified one", EkTemplate::TcgL2, 0x8101000A, {}, true, false);
        row("beside a P-256 key: a foreign one", EkTemplate::TcgL2, 0x8101000A, {}, false, true);
    }
    void holdsAForeignKeyWhereDeviceSdksLook()
    {
        using Handle = std::optional<std::uint32_t>;
        QFETCH(const int, enrolls);
        QFETCH(const Handle, readAt);
        QFETCH(const Handle, certifiedAt);
        QFETCH(const bool, ownThere);
        QFETCH(const bool, held);
        Bench bench;
        bench.policy.endorsementKey = {static_cast<EkTemplate>(enrolls), EkChoice::Rule::OfTemplate};
        bench.policy.shipState = shipState(); // it names both handles
        auto objects = std::vector<std::uint32_t>{kDeviceSdkHandle};
        if (readAt && *readAt != kDeviceSdkHandle) {
            objects.push_back(*readAt);
        }
        bench.tpm.setContents({objects, {}});
        bench.tpm.changeReading([&](EndorsementKeyReading& reading) {
            reading.source = {readAt};
            reading.certifiedKeyAt = certifiedAt;
            reading.ownKeyAtSdkHandle = ownThere;
            const bool other = readAt != kDeviceSdkHandle;
            reading.otherKeyAt = other ? std::optional{kDeviceSdkHandle} : std::nullopt;
            reading.handleTaken = other && *bench.policy.endorsementKey.row().handle == kDeviceSdkHandle;
        });
        const auto report = bench.attest();
        QCOMPARE(hasFinding(report, "tpm-foreign-object"), held);
        QCOMPARE(report.verdict,
                 held ? (Verdict{Outcome::Hold, DeviceCode::NotAsShipped}) : (Verdict{Outcome::Pass, {}}));
    }

    void holdsACopyOfTheEnrolledKeyWhereDeviceSdksLook()
    {
        Bench bench;
        bench.policy.endorsementKey = {EkTemplate::TcgL2, EkChoice::Rule::OfTemplate};
        bench.policy.shipState = shipState();
        bench.tpm.setContents({{kDeviceSdkHandle, 0x8101000A}, {}});
        bench.tpm.changeReading([](EndorsementKeyReading& reading) {
            reading.source = {0x8101000A};
            reading.copyAt = kDeviceSdkHandle;
        });
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Hold, DeviceCode::NotAsShipped}));
        QVERIFY(hasFinding(report, "tpm-foreign-object"));
    }

    /// The enrolled key needs no name, whichever of its two handles it was evicted from.
    void letsTheEnrolledKeyLieAtEitherHandleAlone()
    {
        for (const std::uint32_t handle : {kDeviceSdkHandle, 0x8101000AU}) {
            Bench bench;
            bench.policy.endorsementKey = {EkTemplate::TcgL2, EkChoice::Rule::OfTemplate};
            bench.policy.shipState = ShipState{};
            bench.tpm.setContents({{handle}, {}});
            bench.tpm.changeReading([handle](EndorsementKeyReading& reading) {
                reading.source = {handle};
                reading.ownKeyAtSdkHandle = handle == kDeviceSdkHandle;
            });
            QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
        }
    }

    void holdsADeviceThatSomebodyOwned()
    {
        Bench bench;
        TpmState state;
        state.lockoutPassword = true;
        bench.tpm.setState(state);
        QCOMPARE(bench.attest().verdict.outcome, Outcome::Pass);
        bench.policy.shipState = shipState();
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Hold, DeviceCode::TpmHierarchyLocked}));
    }

    void warnsOfTriesBeforeALockout()
    {
        Bench bench;
        TpmState state;
        state.failedTries = 1;
        state.triesAllowed = 10;
        bench.tpm.setState(state);
        bench.policy.shipState = shipState();
        const auto report = bench.attest();
        QCOMPARE(report.verdict.outcome, Outcome::Pass);
        const auto tries = std::ranges::find(report.findings, std::string{"tpm-failed-tries"}, &Finding::id);
        QVERIFY(tries != report.findings.end());
        QCOMPARE(tries->severity.knownOr(Severity::Info), Severity::Warning);
    }

    void weighsThemAsTheProfileSays()
    {
        Bench bench;
        bench.policy.shipState = shipState();
        bench.tpm.setContents({{0x81000007, kDeviceSdkHandle}, {0x01800001}});
        bench.policy.severities = {{"tpm-foreign-object", Severity::Warning}, {"tpm-foreign-index", Severity::Fail}};
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Fail, DeviceCode::NotAsShipped}));
        bench.policy.severities["tpm-foreign-index"] = Severity::Info;
        QCOMPARE(bench.attest().verdict.outcome, Outcome::Pass);
    }

    void namesFewOfMany()
    {
        AttestationPolicy policy;
        policy.shipState = shipState();
        TpmContents contents;
        for (std::uint32_t handle = 0x81000010; handle < 0x81000030; ++handle) {
            contents.persistentHandles.push_back(handle);
        }
        const auto found = shipStateFindings(contents, {}, policy);
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY2(found.front().text.ends_with("0x81000017, and others."), found.front().text.c_str());
    }

    void holdsFirmwareThatIsTooOld_data()
    {
        QTest::addColumn<QString>("oldest");
        QTest::addColumn<QString>("maker");
        QTest::addColumn<bool>("held");
        QTest::newRow("older is enough") << "7.62"
                                         << "IFX" << false;
        QTest::newRow("the same") << "7.85.4555.0"
                                  << "IFX" << false;
        QTest::newRow("a newer one is wanted") << "7.86"
                                               << "IFX" << true;
        QTest::newRow("by its last number") << "7.85.4555.1"
                                            << "IFX" << true;
        QTest::newRow("of another maker") << "9"
                                          << "STM" << false;
    }
    void holdsFirmwareThatIsTooOld()
    {
        QFETCH(const QString, oldest);
        QFETCH(const QString, maker);
        QFETCH(const bool, held);
        Bench bench; // an IFX with 7.85.4555.0
        bench.policy.oldestFirmware = {{maker.toStdString(), *firmwareVersion(oldest.toStdString())}};
        QCOMPARE(bench.attest().verdict,
                 held ? (Verdict{Outcome::Hold, DeviceCode::FirmwareTooOld}) : (Verdict{Outcome::Pass, {}}));
    }

private:
    static ShipState shipState()
    {
        return {{{0x81000005, 0x81000005}, {0x81010000, 0x8101FFFF}}, {{0x01800004, 0x01800004}}};
    }
};

QTEST_GUILESS_MAIN(tst_ship_state)
#include "tst_ship_state.moc"

#include "core/base/hold_code.h"
#include "core/enrollment/enroll_device.h"
#include "core/tpm/esys_device_tpm.h"
#include "core/transport/device_address.h"
#include "tests/app/chain/attack_bench.h"
#include "tests/support/memory_journal.h"
#include "tests/support/must.h"
#include "tests/support/recording_steps.h"

#include <QTest>

// One chip under two serial numbers, with two of its endorsement keys: it is known though its storage root key is another.

namespace enroll::test {
namespace {

using namespace enrollment;
using attestation::EkChoice;
using attestation::EkTemplate;

constexpr EkChoice kAtHandle{EkTemplate::TcgL1, EkChoice::Rule::AtHandle};

void run(const SwtpmFixture& tpm, const std::vector<std::string>& command)
{
    if (const auto output = tpm.tool(command); output.exitCode != 0) {
        qFatal("%s: %s", command.front().c_str(), output.standardError.c_str());
    }
}

/// A station with \p journal enrolls the key \p choice of the device.
AttestationRun enroll(const SwtpmFixture& tpm, MemoryJournal& journal, const std::string& serial,
                      const EkChoice& choice)
{
    EnrollmentOrder order;
    order.serialNumber = SerialNumber{serial};
    order.profile.policy = softwarePolicy();
    order.profile.policy.endorsementKey = choice;
    order.anchors = tpm.anchors();
    const auto device = tpm::makeEsysDeviceTpm(
        must(transport::parseDeviceAddress(tpm.address())),
        {.connect = std::chrono::seconds{2}, .normal = kAnswerDeadline, .createKey = kKeyDeadline, .run = kRunDeadline},
        {});
    RecordingSteps steps;
    return enrollDevice(order, {*device, journal, journal}, steps, steps.stop());
}

/// Where DPS's device SDKs would make one of their own template.
void keepAnotherStorageRootKey(const SwtpmFixture& tpm)
{
    run(tpm, {"tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc", "-c", "srk.ctx"});
    run(tpm, {"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "srk.ctx", "0x81000001"});
    run(tpm, {"tpm2_flushcontext", "-t"});
}

} // namespace

class tst_one_chip : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isKnownByItsOtherEndorsementKey_data()
    {
        QTest::addColumn<bool>("persistent");
        QTest::addColumn<int>("second");
        QTest::newRow("which lies where device SDKs look") << true << static_cast<int>(EkTemplate::TcgH3);
        QTest::newRow("which lies where the second belongs") << true << static_cast<int>(EkTemplate::AzureEmptyUnique);
        QTest::newRow("which the certificate is for") << false << static_cast<int>(EkTemplate::AzureEmptyUnique);
    }
    void isKnownByItsOtherEndorsementKey()
    {
        QFETCH(const bool, persistent);
        QFETCH(const int, second);
        const SwtpmFixture tpm;
        if (!persistent) {
            tpm.evict("0x81010001");
        }
        MemoryJournal journal;
        const auto first = enroll(tpm, journal, "GX-000001", kAtHandle);
        QVERIFY2(first.outcome == Outcome::Pass, first.headline.c_str());
        keepAnotherStorageRootKey(tpm);

        const EkChoice choice{static_cast<EkTemplate>(second), EkChoice::Rule::OfTemplate};
        const auto held = enroll(tpm, journal, "GX-000077", choice);
        QVERIFY(held.storageRootKey && held.storageRootKey->name != first.storageRootKey->name);
        QVERIFY2(held.outcome == Outcome::Hold, held.headline.c_str());
        QCOMPARE(held.code, HoldCode::TpmEnrolledElsewhere);
        QVERIFY(held.subject == "GX-000001");
        QCOMPARE(journal.records().size(), std::size_t{1});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_one_chip)
#include "tst_one_chip.moc"

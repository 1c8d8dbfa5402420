#include "core/base/hold_code.h"
#include "core/enrollment/enroll_device.h"
#include "core/tpm/esys_device_tpm.h"
#include "core/transport/device_address.h"
#include "tests/app/chain/attack_bench.h"
#include "tests/support/memory_journal.h"
#include "tests/support/must.h"
#include "tests/support/recording_steps.h"

#include <QTest>

#include <array>

// One chip under two serial numbers, with two of its endorsement keys: it is known though its storage root key is another.

namespace enroll::test {
namespace {

using namespace enrollment;
using attestation::EkChoice;
using attestation::EkTemplate;

constexpr EkChoice kAtHandle{EkTemplate::TcgL1, EkChoice::Rule::AtHandle};
/// At 0x81010016, in each software TPM here.
constexpr EkChoice kP384AtHandle{EkTemplate::TcgH3, EkChoice::Rule::AtHandle};

/// Two endorsement keys of a chip, in the order in which they are enrolled.
struct KeysRow {
    const char* name;
    bool persistent; ///< the RSA key lies at 0x81010001
    EkChoice first;
    EkChoice second;
};

constexpr std::array kRows{
    KeysRow{"the first lies where device SDKs look", true, kAtHandle, {EkTemplate::TcgH3, EkChoice::Rule::OfTemplate}},
    KeysRow{"the first lies where the second belongs",
            true,
            kAtHandle,
            {EkTemplate::AzureEmptyUnique, EkChoice::Rule::OfTemplate}},
    KeysRow{"the certificate is for the first",
            false,
            kAtHandle,
            {EkTemplate::AzureEmptyUnique, EkChoice::Rule::OfTemplate}},
    KeysRow{"the first lies beside the second, which is certified", true, kP384AtHandle, kAtHandle},
    KeysRow{"likewise, and the second is made", false, kP384AtHandle, kAtHandle},
    KeysRow{"likewise, and the second is looked for by its template",
            true,
            kP384AtHandle,
            {EkTemplate::TcgL1, EkChoice::Rule::OfTemplate}},
    KeysRow{"both are certified, RSA first", true, kAtHandle, kP384AtHandle},
};

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
    ReadKeys readKeys;
    return enrollDevice(order, {*device, journal, journal, readKeys}, steps, steps.stop());
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
        QTest::addColumn<int>("row");
        for (int row = 0; row < std::ssize(kRows); ++row) {
            QTest::newRow(kRows.at(static_cast<std::size_t>(row)).name) << row;
        }
    }
    void isKnownByItsOtherEndorsementKey()
    {
        QFETCH(const int, row);
        const auto& keys = kRows.at(static_cast<std::size_t>(row));
        const SwtpmFixture tpm;
        if (!keys.persistent) {
            tpm.evict("0x81010001");
        }
        MemoryJournal journal;
        const auto first = enroll(tpm, journal, "GX-000001", keys.first);
        QVERIFY2(first.outcome == Outcome::Pass, first.headline.c_str());
        keepAnotherStorageRootKey(tpm);

        const auto held = enroll(tpm, journal, "GX-000077", keys.second);
        QVERIFY(held.storageRootKey && held.storageRootKey->name != first.storageRootKey->name);
        QVERIFY2(held.outcome == Outcome::Hold, held.headline.c_str());
        QCOMPARE(held.code, HoldCode::TpmEnrolledElsewhere);
        QVERIFY(held.subject == "GX-000001");
        QCOMPARE(journal.records().size(), std::size_t{1});
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    /// Each has two endorsement keys as well, which are its own.
    void isNotTakenForAnother()
    {
        const SwtpmFixture tpm;
        const SwtpmFixture other;
        MemoryJournal journal;
        const auto first = enroll(tpm, journal, "GX-000001", kP384AtHandle);
        QVERIFY2(first.outcome == Outcome::Pass, first.headline.c_str());
        const auto second = enroll(other, journal, "GX-000077", kAtHandle);
        QVERIFY2(second.outcome == Outcome::Pass, second.headline.c_str());
        QCOMPARE(journal.records().size(), std::size_t{2});
    }

    /// A retest of the only record that the chip has.
    void isNotHeldForItsOwnRecord()
    {
        const SwtpmFixture tpm;
        MemoryJournal journal;
        for (int test = 0; test < 2; ++test) {
            const auto run = enroll(tpm, journal, "GX-000001", kAtHandle);
            QVERIFY2(run.outcome == Outcome::Pass, run.headline.c_str());
        }
        QCOMPARE(journal.records().size(), std::size_t{1});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_one_chip)
#include "tst_one_chip.moc"

#include "core/base/hold_code.h"
#include "tests/core/enrollment/enrollment_line.h"

#include <QTest>

#include <atomic>
#include <functional>
#include <thread>
#include <utility>

// A key that is read under two serial numbers, none of whose runs passed yet.

using namespace enroll;
using namespace enroll::enrollment;
using attestation::AttestationStep;
using enroll::test::Line;

namespace {

const SerialNumber kFirst{"GX-000001"};
const SerialNumber kSecond{"GX-000002"};
const SerialNumber kThird{"GX-000003"};

Bytes fingerprint(int number)
{
    return Bytes(32, static_cast<std::byte>(number));
}

AttestationRun enrollAs(Line& line, const SerialNumber& serial)
{
    line.order.serialNumber = serial;
    return line.enroll();
}

/// A run that ends before its verdict, and after the key was read.
void stopTest(Line& line, const SerialNumber& serial)
{
    test::RecordingSteps steps{AttestationStep::TestAttestation};
    line.order.serialNumber = serial;
    const auto run =
        enrollDevice(line.order, {line.tpm, line.journal, line.journal, line.readKeys}, steps, steps.stop());
    QCOMPARE(run.outcome, Outcome::Aborted);
    QVERIFY(run.endorsementKey);
}

/// Does something when the test attestation begins, after the key was read.
class Meanwhile final : public test::RecordingSteps {
public:
    explicit Meanwhile(std::function<void()> act) : m_act(std::move(act)) {}
    void began(AttestationStep step) override
    {
        if (step == AttestationStep::TestAttestation) {
            m_act();
        }
    }

private:
    std::function<void()> m_act;
};

} // namespace

class tst_read_keys : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSamePairIsNeverDoubted()
    {
        ReadKeys keys;
        QVERIFY(!keys.read(fingerprint(1), kFirst));
        QVERIFY(!keys.read(fingerprint(1), kFirst));
        QVERIFY(!keys.read(fingerprint(2), kSecond));
    }

    void aSecondSerialIsToldTheFirst()
    {
        ReadKeys keys;
        QVERIFY(!keys.read(fingerprint(1), kFirst));
        QVERIFY(keys.read(fingerprint(1), kSecond) == kFirst);
        QVERIFY(keys.read(fingerprint(1), kThird) == kFirst);
    }

    /// Somebody compared the label and scanned it again: of either serial number that is right at once.
    void whoeverReadsItAgainIsRight()
    {
        for (const auto& right : {kFirst, kSecond}) {
            ReadKeys keys;
            QVERIFY(!keys.read(fingerprint(1), kFirst));
            QVERIFY(keys.read(fingerprint(1), kSecond));
            QVERIFY(!keys.read(fingerprint(1), right));
            QVERIFY(keys.read(fingerprint(1), right == kFirst ? kSecond : kFirst) == right);
        }
    }

    void whatPassedIsForgotten()
    {
        ReadKeys keys;
        QVERIFY(!keys.read(fingerprint(1), kFirst));
        keys.passed(fingerprint(1));
        QVERIFY(!keys.read(fingerprint(1), kSecond));
    }

    /// Of more keys than a shift has, those that were read last are kept.
    void theOldestGoFirst()
    {
        ReadKeys keys;
        const auto keyOf = [](int number) {
            Bytes key = fingerprint(0);
            for (std::size_t digit = 0; digit < 4; ++digit) {
                key[digit] = static_cast<std::byte>(number >> (8 * digit));
            }
            return key;
        };
        for (int number = 0; number < 10'000; ++number) {
            QVERIFY(!keys.read(keyOf(number), kFirst));
        }
        QVERIFY(!keys.read(keyOf(0), kFirst)); // so 1 is the oldest
        QVERIFY(!keys.read(keyOf(10'000), kFirst));
        QVERIFY(keys.read(keyOf(0), kSecond));
        QVERIFY(!keys.read(keyOf(1), kSecond));
    }

    /// Of slots that read one key at the same time, one alone is not told of another.
    void slotsReadAtTheSameTime()
    {
        ReadKeys keys;
        std::atomic<int> undoubted = 0;
        {
            std::vector<std::jthread> slotThreads;
            for (int slot = 0; slot < 8; ++slot) {
                slotThreads.emplace_back([&, slot] {
                    undoubted += keys.read(fingerprint(1), SerialNumber{"GX-" + std::to_string(slot)}) ? 0 : 1;
                });
            }
        }
        QCOMPARE(undoubted.load(), 1);
    }

    void aDeviceWhoseTestWasStoppedIsHeldUnderAnotherSerial()
    {
        Line line;
        stopTest(line, kFirst);
        const auto held = enrollAs(line, kSecond);
        QCOMPARE(held.outcome, Outcome::Hold);
        QCOMPARE(held.code, HoldCode::EkReadElsewhere);
        QVERIFY(held.subject == kFirst.text());
        QVERIFY(line.journal.records().empty());
        QCOMPARE(enrollAs(line, kSecond).outcome, Outcome::Pass); // its label was compared, and scanned again
    }

    void aDeviceThatFailedIsHeldUnderAnotherSerial()
    {
        Line line;
        const auto anchors = std::exchange(line.order.anchors, {});
        QVERIFY(enrollAs(line, kFirst).outcome != Outcome::Pass);
        line.order.anchors = anchors;
        QCOMPARE(enrollAs(line, kSecond).code, HoldCode::EkReadElsewhere);
        QCOMPARE(enrollAs(line, kFirst).outcome, Outcome::Pass); // it was the first one's
        QCOMPARE(enrollAs(line, kSecond).code, HoldCode::EkEnrolledElsewhere);
        QCOMPARE(enrollAs(line, kFirst).outcome, Outcome::Pass); // its record says so
    }

    /// The first run goes on: its device may have been put into the slot of the second one.
    void aDeviceIsHeldWhileAnotherRunHasItsKey()
    {
        Line line;
        Line slot; // another one, of the same program
        slot.order.serialNumber = kSecond;
        std::optional<AttestationRun> second;
        Meanwhile steps{[&] {
            second = enrollDevice(slot.order, {slot.tpm, slot.journal, slot.journal, line.readKeys}, slot.steps,
                                  slot.steps.stop());
        }};
        const auto first =
            enrollDevice(line.order, {line.tpm, line.journal, line.journal, line.readKeys}, steps, steps.stop());
        QCOMPARE(first.outcome, Outcome::Pass);
        QVERIFY(second && second->code == HoldCode::EkReadElsewhere);
        QVERIFY(second->subject == line.order.serialNumber.text());
    }

    void anotherDeviceThanTheStoppedOneIsHeld()
    {
        Line line;
        line.order.goesOnWith = attestation::marshalPublic(test::keys().endorsementKey.area);
        QCOMPARE(line.enroll().outcome, Outcome::Pass);
        Line other;
        other.order.goesOnWith = attestation::marshalPublic(test::keys().storageRootKey.area);
        const auto run = other.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QCOMPARE(run.code, HoldCode::OtherDeviceThanStopped);
        QVERIFY(other.journal.records().empty());
    }
};

QTEST_GUILESS_MAIN(tst_read_keys)
#include "tst_read_keys.moc"

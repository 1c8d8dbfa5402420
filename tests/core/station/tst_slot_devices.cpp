#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "core/station/slot_board.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using enrollment::PairingRule;
using enrollment::SerialNumber;
using enrollment::SlotNumber;
using What = SlotNews::What;

namespace {

const SerialNumber kA{"A"};
const SerialNumber kB{"B"};
constexpr SlotNumber kSlot{1};

/// Of one slot, where looks come only when the test says so.
struct Slot {
    SlotBoard board{{kSlot, {2}}, PairingRule::Insert};
    SelfStart::Time now{};

    Slot() { lookLong(); }
    std::vector<SlotNews> look(bool present, bool second = false)
    {
        now += std::chrono::seconds{1};
        return board.look({{{kSlot, present}, {SlotNumber{2}, second}}, true, now});
    }
    void lookLong()
    {
        for (auto left = 2 * SlotDevices::kGone; left > std::chrono::seconds{0}; --left) {
            look(false);
        }
    }
    [[nodiscard]] Presence presence() const { return board.presence(kSlot); }

    /// A run that reached its device, unless it has no identity to show.
    void test(const SerialNumber& serial, std::optional<ErrorCode> code, bool reached = true)
    {
        QVERIFY(board.bind(serial, kSlot).ok());
        enrollment::AttestationRun run;
        run.serialNumber = serial;
        run.outcome = code ? Outcome::Fail : Outcome::Pass;
        run.code = code;
        if (reached) {
            run.tpm = attestation::TpmIdentity{};
        }
        board.apply(kSlot, RunStarted{});
        board.apply(kSlot, RunFinished{run});
    }
};

} // namespace

/// What is known of a device between the looks: by its run.
class SlotDevicesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// It came and was started between two looks.
    void theDeviceThatARunReachedIsThere()
    {
        Slot slot;
        slot.look(false);
        slot.test(kA, std::nullopt);
        QVERIFY(slot.presence() == Presence::Present);
        for (int i = 0; i < 3; ++i) {
            QVERIFY(slot.look(true).empty()); // nobody asks whose it is
        }
    }

    void aPassWhoseDeviceIsStillThereTakesNoOtherSerial()
    {
        Slot slot;
        slot.test(kA, std::nullopt);
        QVERIFY(slot.board.bind(kB, {}).ok());
        for (int i = 0; i < 3; ++i) {
            QVERIFY(slot.look(true).empty());
        }
        QVERIFY(slot.board.inHand() == kB);
        slot.board.dropHand();
        QVERIFY(slot.board.bind(kB, kSlot).error().code == ScanCode::OldDeviceInSlot);
    }

    void aRunWithoutADeviceLeavesNone()
    {
        Slot slot;
        slot.look(false);
        slot.test(kA, DeviceCode::NoTpmAnswers, false);
        QVERIFY(slot.presence() == Presence::Absent);
        slot.look(false);
        QVERIFY(!slot.board.resultLeft(kSlot));
        slot.lookLong();
        QVERIFY(slot.board.resultLeft(kSlot));
    }

    /// It was pulled out in the middle; what is in the slot afterwards may be another one.
    void aDeviceAfterALostConnectionIsAskedAbout_data()
    {
        QTest::addColumn<QString>("code");
        for (const ErrorCode code :
             {DeviceCode::NoTpmAnswers, DeviceCode::TpmResponseTruncated, DeviceCode::DeviceRemoved}) {
            const auto text = describe(code).text;
            QTest::newRow(text.data()) << QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
        }
    }
    void aDeviceAfterALostConnectionIsAskedAbout()
    {
        QFETCH(const QString, code);
        Slot slot;
        slot.look(true);
        slot.test(kA, *errorCodeFromText(code.toStdString()));
        QVERIFY(slot.presence() == Presence::Absent);
        slot.look(true);
        QVERIFY((slot.look(true) == std::vector{SlotNews{What::Unnamed, kSlot}}));
        QVERIFY(slot.board.bind(kB, kSlot).ok()); // the answer
        QVERIFY(!slot.board.unnamed(kSlot));
    }

    /// The loss of a serial is what the screen must be left with.
    void aLossIsSaidLast()
    {
        Slot slot;
        QVERIFY(slot.board.bind(kB, kSlot).ok()); // the first scan of the shift
        QVERIFY(slot.board.takeBack(kSlot) == kB);
        QVERIFY(slot.board.bind(kA, kSlot).ok());
        slot.lookLong();
        slot.look(true);
        QVERIFY(!slot.board.doubted(kSlot));
        slot.look(true, true);
        const auto news = slot.look(false, true);
        QVERIFY(!news.empty());
        QVERIFY((news.back() == SlotNews{What::Dropped, kSlot, kA}));
    }
};

QTEST_APPLESS_MAIN(SlotDevicesTest)
#include "tst_slot_devices.moc"

#include "core/system/write_signals.h"
#include "tests/app/desktop/shift.h"
#include "tests/app/desktop/shift_journal.h"

#include <QTest>

using namespace enroll;
using enroll::test::Fate;
using enroll::test::kShiftPatience;
using enroll::test::LabelledDevice;
using enroll::test::ServiceProcess;
using enroll::test::Shift;
using enroll::test::ShiftDevices;
using enroll::test::ShiftRules;
using enroll::test::Socket;
using enrollment::PairingRule;
using enrollment::StartRule;
using station::Presence;
using station::StartBy;
using ui::TileLook;

namespace {

constexpr int kPlaces = 2;

/// The serial number goes where its device is heard, whatever the person says of slots.
bool followsDevice(PairingRule rule)
{
    return rule == PairingRule::Insert || rule == PairingRule::DeviceSerial;
}

/// The station looks at its slots.
bool looks(PairingRule rule, StartRule start)
{
    return followsDevice(rule) || start != StartRule::Key;
}

/// The person chooses a slot before each scan.
enum class Choice { ByRule, Always };

/// Two places, the devices for them in order, and the cables that lead to the slots of the same numbers, or crosswise. Who
/// works there takes the numbers of the places for those of the slots.
class Bench {
public:
    Bench(const ShiftDevices& devices, PairingRule pairing, StartRule start, Choice choice = Choice::ByRule)
        : m_devices(devices.all()), m_start(start),
          m_chooses(pairing == PairingRule::SlotThenSerial || choice == Choice::Always),
          m_shift(devices, {pairing, start, kPlaces}, m_service)
    {
        for (int slot = 1; slot <= kPlaces; ++slot) {
            awaitEmpty(slot);
        }
    }

    [[nodiscard]] Shift& shift() { return m_shift; }
    /// Where a device in \p place is heard.
    [[nodiscard]] int slotOf(int place) const { return m_crossed ? kPlaces + 1 - place : place; }
    [[nodiscard]] LabelledDevice& device(int place) { return *m_devices.at(static_cast<std::size_t>(place) - 1); }

    void exchangeCables()
    {
        Socket::exchangeCables(m_shift.socket(1), m_shift.socket(2));
        m_crossed = !m_crossed;
    }
    /// The devices stay where they are.
    void unplugCables()
    {
        for (int slot = 1; slot <= kPlaces; ++slot) {
            m_shift.socket(slot).unplugCable();
        }
        for (int slot = 1; slot <= kPlaces; ++slot) {
            awaitEmpty(slot);
        }
    }

    /// Scans the label and puts the device in, as the rule asks for it; or plugs its cable in, if it is there already.
    void bring(int place)
    {
        const auto slot = slotOf(place);
        if (m_shift.rule() == PairingRule::DeviceSerial) {
            putIn(slot, device(place));
            QTRY_VERIFY_WITH_TIMEOUT(hasItsOwn(place), kShiftPatience);
            if (m_start == StartRule::Scan) {
                m_shift.scan(device(place).label());
            }
            return;
        }
        scanFor(place);
        putIn(slot, device(place));
        if (m_shift.rule() == PairingRule::Insert && !m_chooses) { // one at a time is in hand
            QTRY_VERIFY_WITH_TIMEOUT(hasItsOwn(place), kShiftPatience);
        }
    }

    /// The device is in hand, and comes next.
    void scanFor(int place)
    {
        awaitEmpty(slotOf(place));
        if (m_chooses) {
            m_shift.choose(place);
        }
        m_shift.scan(device(place).label());
        m_shift.carryTo(slotOf(place));
    }
    void put(int place)
    {
        putIn(slotOf(place), device(place));
        QTRY_VERIFY_WITH_TIMEOUT(m_shift.board().presence({slotOf(place)}) == Presence::Present, kShiftPatience);
    }

    /// The device is heard where its serial number waits, or was tested.
    [[nodiscard]] bool hasItsOwn(int place)
    {
        const enrollment::SlotNumber slot{slotOf(place)};
        const enrollment::SerialNumber serial{device(place).label().toStdString()};
        const auto& board = m_shift.board();
        return board.presence(slot) == Presence::Present &&
               (board.slotOf(serial) == slot || board.resultOf(serial) == slot);
    }
    [[nodiscard]] bool isTold(ui::ScanNews news, int place)
    {
        const auto message = m_shift.message();
        return message.news == news && message.slot == enrollment::SlotNumber{slotOf(place)};
    }
    /// A person looks at the device before its test, where the station asks or waits for the key.
    void finish(int place)
    {
        QTRY_VERIFY_WITH_TIMEOUT(hasItsOwn(place), kShiftPatience);
        const auto slot = slotOf(place);
        const auto& board = m_shift.board();
        if (std::holds_alternative<station::SlotReady>(board.state({slot})) &&
            board.startOf({slot}) != StartBy::Itself) {
            m_shift.choose(slot);
            m_shift.scan(station::Command::Start);
        }
        QTRY_VERIFY2_WITH_TIMEOUT(passed(slot), qPrintable(m_shift.said()), kShiftPatience);
        QCOMPARE(m_shift.tile(slot).serial, device(place).label());
    }

    [[nodiscard]] bool passed(int slot) { return m_shift.tile(slot).look == TileLook::Pass; }
    /// No test of the device passed. The station asks about it, or a tile with its serial number says why, or that it waits.
    [[nodiscard]] bool isLeftOut(int place, const QString& code)
    {
        if (m_shift.board().unnamed({slotOf(place)})) {
            return true;
        }
        for (int slot = 1; slot <= kPlaces; ++slot) {
            const auto& tile = m_shift.tile(slot);
            if (tile.serial == device(place).label() && tile.look != TileLook::Pass) {
                return tile.code ? ui::codeText(*tile.code) == code : tile.look == TileLook::Ready;
            }
        }
        return false;
    }
    [[nodiscard]] std::map<QString, QStringList> enrolled() const { return test::enrolledKeys(m_shift.data()); }
    [[nodiscard]] QStringList wrong() const { return test::wronglyPaired(enrolled(), m_devices); }

private:
    void awaitEmpty(int slot)
    {
        const auto& board = m_shift.board();
        QTRY_VERIFY_WITH_TIMEOUT(
            !board.senses() || (board.presence({slot}) == Presence::Absent && !board.doubted({slot})), kShiftPatience);
    }
    void putIn(int slot, LabelledDevice& device)
    {
        auto& socket = m_shift.socket(slot);
        if (socket.device() == &device) {
            socket.plugCable();
        } else {
            socket.put(device);
        }
    }

    std::vector<LabelledDevice*> m_devices;
    StartRule m_start;
    bool m_chooses;
    bool m_crossed = false;
    ServiceProcess m_service;
    Shift m_shift;
};

void addRows(bool (*wanted)(PairingRule, StartRule))
{
    QTest::addColumn<PairingRule>("pairing");
    QTest::addColumn<StartRule>("start");
    for (const auto& [word, pairing] : enrollment::kPairingWords) {
        for (const auto& [startWord, start] : enrollment::kStartWords) {
            if (wanted(pairing, start)) {
                QTest::addRow("%s, %s", std::string{word}.c_str(), std::string{startWord}.c_str()) << pairing << start;
            }
        }
    }
}

/// The station says that the first device is in a wrong slot. The person sees it in the right place, and so finds the cables.
void beToldAndMend(Bench& bench)
{
    bench.bring(1);
    QTRY_VERIFY_WITH_TIMEOUT(bench.isTold(ui::ScanNews::Misplaced, 1), kShiftPatience);
    bench.exchangeCables();
    for (int place = 1; place <= kPlaces; ++place) {
        if (place > 1) {
            bench.bring(place);
        }
        bench.finish(place);
        if (QTest::currentTestFailed()) {
            return;
        }
    }
}

/// Whether both devices are those that are meant, and nothing was tested.
void expectQuestions(Bench& bench)
{
    auto& shift = bench.shift();
    for (int slot = 1; slot <= kPlaces; ++slot) {
        QVERIFY(shift.board().startOf({slot}) == StartBy::Answer);
    }
    shift.scan(station::Command::StartAll);
    QVERIFY2(shift.message().news == ui::ScanNews::LeftOut, qPrintable(shift.said()));
    QVERIFY(shift.board().running().empty());
    QCOMPARE(bench.enrolled().size(), std::size_t{0});
}

void bringBoth(Bench& bench)
{
    for (int place = 1; place <= kPlaces && !QTest::currentTestFailed(); ++place) {
        bench.bring(place);
    }
}

} // namespace

/// Two devices stand where they belong, and their cables lead to each other's slot. No serial number gets the key of the
/// other device: either it follows the cable, or the station says what is wrong and starts nothing by itself. Only where it
/// does not look at its slots nobody can tell.
class SwappedCablesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ShiftDevices> m_devices;

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles");
        system::ignoreSignalsOfWrites();
        m_devices = std::make_unique<ShiftDevices>(kPlaces, [](int) { return Fate::Good; });
    }

    void aSerialFollowsItsCableOrTheStationSaysWhatIsWrong_data() { addRows(looks); }
    void aSerialFollowsItsCableOrTheStationSaysWhatIsWrong()
    {
        QFETCH(const PairingRule, pairing);
        QFETCH(const StartRule, start);
        Bench bench(*m_devices, pairing, start);
        bench.exchangeCables();
        if (followsDevice(pairing)) {
            for (int place = 1; place <= kPlaces && !QTest::currentTestFailed(); ++place) {
                bench.bring(place);
                bench.finish(place);
            }
        } else {
            beToldAndMend(bench);
        }
        QCOMPARE(bench.wrong(), QStringList{});
        QCOMPARE(bench.enrolled().size(), std::size_t{kPlaces});
    }

    /// By that rule too a serial number waits in a slot, if somebody chose it.
    void aChosenSlotIsNoPlaceForAnotherCable()
    {
        Bench bench(*m_devices, PairingRule::Insert, StartRule::Key, Choice::Always);
        bench.exchangeCables();
        beToldAndMend(bench);
        QCOMPARE(bench.wrong(), QStringList{});
        QCOMPARE(bench.enrolled().size(), std::size_t{kPlaces});
    }

    /// The person does not read what the station says, and goes on with the second device. By "insert" they choose slots.
    void whoGoesOnIsAskedAndNothingStarts_data()
    {
        addRows([](PairingRule pairing, StartRule start) {
            return pairing == PairingRule::Insert ? start == StartRule::Key
                                                  : looks(pairing, start) && !followsDevice(pairing);
        });
    }
    void whoGoesOnIsAskedAndNothingStarts()
    {
        QFETCH(const PairingRule, pairing);
        QFETCH(const StartRule, start);
        Bench bench(*m_devices, pairing, start, pairing == PairingRule::Insert ? Choice::Always : Choice::ByRule);
        bench.exchangeCables();
        bench.bring(1);
        QTRY_VERIFY_WITH_TIMEOUT(bench.isTold(ui::ScanNews::Misplaced, 1), kShiftPatience);
        bench.scanFor(2);
        bench.put(2);
        expectQuestions(bench);
    }

    /// With both labels scanned before, each device comes where a serial number waits: that of the other.
    void bothLabelsBeforeTheDevicesAreAskedAbout_data()
    {
        addRows([](PairingRule pairing, StartRule start) {
            return !followsDevice(pairing) && start == StartRule::Present;
        });
    }
    void bothLabelsBeforeTheDevicesAreAskedAbout()
    {
        QFETCH(const PairingRule, pairing);
        QFETCH(const StartRule, start);
        Bench bench(*m_devices, pairing, start);
        bench.exchangeCables();
        bench.scanFor(1);
        bench.scanFor(2);
        bench.put(1);
        bench.put(2);
        expectQuestions(bench);
    }

    /// Both wait for the key, and somebody plugs their cables in again crosswise. By "insert" their labels say once more
    /// whose cable comes.
    void exchangedWhileTheyWaitTheyFollowTheirCables_data()
    {
        addRows([](PairingRule pairing, StartRule start) { return followsDevice(pairing) && start == StartRule::Key; });
    }
    void exchangedWhileTheyWaitTheyFollowTheirCables()
    {
        QFETCH(const PairingRule, pairing);
        QFETCH(const StartRule, start);
        Bench bench(*m_devices, pairing, start);
        bringBoth(bench);
        for (int place = 1; place <= kPlaces; ++place) {
            QTRY_VERIFY_WITH_TIMEOUT(bench.hasItsOwn(place), kShiftPatience);
        }
        bench.unplugCables();
        bench.exchangeCables();
        bringBoth(bench);
        for (int place = 1; place <= kPlaces; ++place) {
            bench.finish(place);
        }
        QCOMPARE(bench.wrong(), QStringList{});
        QCOMPARE(bench.enrolled().size(), std::size_t{kPlaces});
    }

    /// So fast that no look finds a slot empty, and with the key behind it. Whose devices say who they are cannot be deceived
    /// by it: a look, or else the test, hears the other serial number.
    void exchangedBetweenTwoLooksTheySayWhoTheyAre()
    {
        Bench bench(*m_devices, PairingRule::DeviceSerial, StartRule::Key);
        bringBoth(bench);
        bench.exchangeCables();
        auto& shift = bench.shift();
        shift.startAll();
        shift.waitForEnd();
        for (int place = 1; place <= kPlaces; ++place) {
            const auto isRight = [&] {
                return bench.enrolled().contains(bench.device(place).label()) ||
                       bench.isLeftOut(place, QStringLiteral("D-145"));
            };
            QTRY_VERIFY2_WITH_TIMEOUT(isRight(), qPrintable(shift.said()), kShiftPatience);
        }
        QCOMPARE(bench.wrong(), QStringList{});
    }

    /// What looks are for: by the key, where slots are marked or chosen, the station never looks. Both devices pass, each
    /// under the label of the other.
    void whereNobodyLooksTheyArePairedWrongly_data()
    {
        addRows([](PairingRule pairing, StartRule start) { return !looks(pairing, start); });
    }
    void whereNobodyLooksTheyArePairedWrongly()
    {
        QFETCH(const PairingRule, pairing);
        QFETCH(const StartRule, start);
        Bench bench(*m_devices, pairing, start);
        bench.exchangeCables();
        bringBoth(bench);
        bench.shift().startAll();
        bench.shift().waitForEnd();
        for (int slot = 1; slot <= kPlaces; ++slot) {
            QVERIFY(bench.passed(slot));
        }
        QCOMPARE(bench.wrong().size(), kPlaces);
    }
};

QTEST_MAIN(SwappedCablesTest)
#include "tst_swapped_cables.moc"

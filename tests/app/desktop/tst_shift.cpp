#include "app/desktop/station_setup.h"
#include "core/base/device_code.h"
#include "db/trust/import_plan.h"
#include "tests/app/desktop/shift_floor.h"
#include "tests/support/agent_reply.h"
#include "tests/support/must.h"
#include "ui/run/run_screen.h"
#include "ui/shell/main_window.h"

#include <QApplication>
#include <QCryptographicHash>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>

using namespace enroll;
using namespace enroll::app;
using enroll::test::LabelledDevice;
using enroll::test::must;
using enroll::test::Socket;
using enrollment::PairingRule;
using enrollment::SlotNumber;

namespace {

constexpr int kPatience = 60'000;
constexpr int kSlots = 4;
constexpr int kRounds = 3;
constexpr int kDevices = kSlots * kRounds;

/// The shift's devices, in the order in which they come.
class Devices {
public:
    Devices()
    {
        for (int number = 1; number <= kDevices; ++number) {
            m_devices.push_back(std::make_unique<LabelledDevice>(number, test::Fate::Good));
        }
    }
    /// Takes its number after those of the shift.
    void add(test::Fate fate)
    {
        m_devices.push_back(std::make_unique<LabelledDevice>(static_cast<int>(m_devices.size()) + 1, fate));
    }
    [[nodiscard]] int last() const { return static_cast<int>(m_devices.size()) - 1; }
    [[nodiscard]] LabelledDevice& at(int index) const { return *m_devices.at(static_cast<std::size_t>(index)); }
    /// SHA-256 of the endorsement key's TPM2B_PUBLIC, as tpm2-tools read it.
    [[nodiscard]] QByteArray keyOf(const QString& label) const
    {
        const auto found = std::ranges::find(m_devices, label, [](const auto& device) { return device->label(); });
        return QCryptographicHash::hash(QByteArray::fromBase64((*found)->publicKey().toLatin1()),
                                        QCryptographicHash::Sha256);
    }
    [[nodiscard]] std::vector<std::filesystem::path> authorities() const { return at(0).authorities(); }

private:
    std::vector<std::unique_ptr<LabelledDevice>> m_devices;
};

using Sockets = std::map<SlotNumber, std::unique_ptr<Socket>>;

Sockets makeSockets()
{
    Sockets sockets;
    for (int slot = 1; slot <= kSlots; ++slot) {
        sockets.emplace(SlotNumber{slot}, std::make_unique<Socket>());
    }
    return sockets;
}

/// Counts how often the station looked at a slot and no device was in it. Any thread.
class EmptyLooks {
public:
    /// \p probe, counted.
    station::PresenceProbe counting(station::PresenceProbe probe)
    {
        return [this, probe = std::move(probe)](SlotNumber slot, const std::stop_token& stop) {
            auto found = probe(slot, stop);
            const std::scoped_lock lock(m_mutex);
            m_counts[slot] += found == false ? 1 : 0;
            return found;
        };
    }
    [[nodiscard]] int of(SlotNumber slot)
    {
        const std::scoped_lock lock(m_mutex);
        return m_counts[slot];
    }

private:
    std::mutex m_mutex;
    std::map<SlotNumber, int> m_counts;
};

/// A station of four slots with its files, and a person before it.
class Shift {
public:
    Shift(const Devices& devices, PairingRule rule, enrollment::StartRule start = enrollment::StartRule::Key)
        : m_devices(devices), m_setup(must(desktop::loadStationSetup(files(rule, start))))
    {
        auto run = desktop::runSetupOf(m_setup);
        if (run.presence) {
            run.presence = m_looks.counting(std::move(run.presence));
        }
        m_controller = std::make_unique<ui::RunController>(std::move(run));
        const auto identity = desktop::identityOf(m_setup);
        m_window = std::make_unique<ui::MainWindow>(m_theme, identity);
        m_screen = new ui::RunScreen(*m_controller, m_theme, identity);
        m_window->add(m_screen);
        m_window->show();
        QObject::connect(m_controller.get(), &ui::RunController::runFinished, m_window.get(),
                         [this](const enrollment::AttestationRun& finished) { m_runs.push_back(finished); });
    }

    void scan(const QString& code)
    {
        auto* entry = m_window->findChild<QLineEdit*>(QStringLiteral("serialEntry"));
        entry->selectAll();
        QTest::keyClicks(entry, code);
        QTest::keyClick(entry, Qt::Key_Return);
    }
    void put(SlotNumber slot, int device) { m_sockets.at(slot)->put(m_devices.at(device)); }
    /// As close together as a person can: both were switched on before.
    void putBoth(const std::pair<SlotNumber, int>& one, const std::pair<SlotNumber, int>& other)
    {
        m_devices.at(one.second).switchOn();
        m_devices.at(other.second).switchOn();
        put(one.first, one.second);
        put(other.first, other.second);
    }
    void takeOut(SlotNumber slot) { m_sockets.at(slot)->takeOut(); }
    /// Puts a device in that says its serial number, and scans its label where that starts its test.
    void putSpeaking(SlotNumber slot, int device, enrollment::StartRule start)
    {
        carryTo(slot);
        put(slot, device);
        if (start == enrollment::StartRule::Scan) {
            QTRY_VERIFY_WITH_TIMEOUT(waitsIn(slot, device), kPatience);
            scan(m_devices.at(device).label());
        }
        QTRY_VERIFY_WITH_TIMEOUT(passed(slot, device), kPatience);
    }

    /// A person needs longer for it than the station for a look that begins after the scan.
    void carryTo(SlotNumber slot)
    {
        const auto before = m_looks.of(slot);
        QTRY_VERIFY_WITH_TIMEOUT(m_looks.of(slot) > before + 1, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!m_controller->board().doubted(slot), kPatience);
    }
    [[nodiscard]] bool passed(SlotNumber slot, int device) const
    {
        const auto& tile = m_screen->grid().tile(slot)->content();
        return tile.look == ui::TileLook::Pass && tile.serial == m_devices.at(device).label();
    }
    /// Tests the device, which is pulled out in the middle of that.
    void pullOut(SlotNumber slot, int device)
    {
        const auto& board = m_controller->board();
        carryTo(slot);
        if (board.rule() == PairingRule::SlotThenSerial) {
            scan(QStringLiteral("SLOT %1").arg(slot.value));
        }
        scan(m_devices.at(device).label());
        carryTo(slot);
        put(slot, device);
        QTRY_VERIFY_WITH_TIMEOUT(wasPulledOut(slot, device), kPatience);
        takeOut(slot);
        QTRY_VERIFY_WITH_TIMEOUT(board.presence(slot) == station::Presence::Absent, kPatience);
    }
    /// A device came where one was pulled out: the tile goes on asking for that one's label, which is scanned. No device is
    /// tested by that.
    [[nodiscard]] bool asksWhetherItIs(SlotNumber slot, int device)
    {
        const auto& board = m_controller->board();
        if (board.unnamed(slot) && wasPulledOut(slot, device)) {
            scan(m_devices.at(device).label());
        }
        return waitsIn(slot, device) && board.startOf(slot) == station::StartBy::Answer;
    }
    void press(SlotNumber slot) { m_screen->grid().tile(slot)->press(); }
    /// Somebody pulled it out in the middle of its test, and its label is asked for.
    [[nodiscard]] bool wasPulledOut(SlotNumber slot, int device) const
    {
        const auto& tile = m_screen->grid().tile(slot)->content();
        return tile.look == ui::TileLook::Stopped && tile.code == ErrorCode{DeviceCode::DeviceRemoved} &&
               tile.serial == m_devices.at(device).label();
    }
    [[nodiscard]] bool waitsIn(SlotNumber slot, int device) const
    {
        return m_controller->board().slotOf(serialOf(device)) == slot;
    }
    [[nodiscard]] enrollment::SerialNumber serialOf(int device) const
    {
        return enrollment::SerialNumber{m_devices.at(device).label().toStdString()};
    }
    /// Scans the label, and puts the device in.
    void insert(int device, SlotNumber slot)
    {
        scan(m_devices.at(device).label());
        QVERIFY(m_controller->board().inHand() == serialOf(device));
        carryTo(slot);
        put(slot, device);
        QTRY_VERIFY_WITH_TIMEOUT(waitsIn(slot, device), kPatience);
    }
    /// The station asks whose device that is; its label answers.
    void answer(int device, SlotNumber slot)
    {
        QTRY_VERIFY_WITH_TIMEOUT(m_controller->board().unnamed(slot), kPatience);
        scan(QStringLiteral("SLOT %1").arg(slot.value));
        scan(m_devices.at(device).label());
        QVERIFY(waitsIn(slot, device));
    }
    void takeAllOut()
    {
        for (int slot = 1; slot <= kSlots; ++slot) {
            takeOut({slot});
        }
        for (int slot = 1; slot <= kSlots; ++slot) {
            QTRY_VERIFY_WITH_TIMEOUT(m_controller->board().resultLeft({slot}), kPatience);
        }
    }

    /// Starts the slots one after another in \p order, so that they end in it.
    void testInOrder(const std::vector<int>& order)
    {
        for (const auto slot : order) {
            press({slot});
            QTRY_VERIFY_WITH_TIMEOUT(m_screen->grid().tile({slot})->content().look == ui::TileLook::Pass, kPatience);
        }
    }

    [[nodiscard]] ui::RunController& controller() { return *m_controller; }

    /// Labels whose enrolled key is not the key of the device that carries them.
    [[nodiscard]] QStringList wrongPairs() const
    {
        QStringList wrong;
        for (const auto& run : m_runs) {
            if (!run.record) {
                continue; // it enrolled nothing
            }
            const auto label = QString::fromStdString(run.serialNumber.text());
            const auto& sha256 = run.endorsementKey->sha256;
            const QByteArray enrolled(reinterpret_cast<const char*>(sha256.data()),
                                      static_cast<qsizetype>(sha256.size()));
            if (enrolled != m_devices.keyOf(label)) {
                wrong << label;
            }
        }
        return wrong;
    }
    [[nodiscard]] std::size_t enrolled() const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(m_runs, [](const auto& run) { return run.record.has_value(); }));
    }

private:
    config::ConfigSources files(PairingRule rule, enrollment::StartRule start)
    {
        const std::filesystem::path root{m_root.path().toStdString()};
        for (const auto& certificate : m_devices.authorities()) {
            for (const auto& authority : must(db::trust::readTrustSource(certificate)).certificates) {
                const auto stored =
                    db::trust::storeAuthority(root / "data" / "trust", "demo", authority.certificate,
                                              {authority.source, utcNow(), crypto::TrustRole::Intermediate});
                if (!stored.ok()) {
                    qFatal("no trust");
                }
            }
        }
        std::ofstream out(root / "station.toml");
        out << "schema = 1\n[station]\nid = \"ST-07\"\ndata_dir = \"" << (root / "data").string() << "\"\npairing = \""
            << enrollment::wordOf(rule) << "\"\nstart = \"" << enrollment::wordOf(start) << "\"\n";
        for (const auto& [slot, socket] : m_sockets) {
            out << "[[slot]]\nnumber = " << slot.value << "\ndevice = \"" << socket->address() << "\"\n";
        }
        out.close();
        return {root / "station.toml", std::nullopt, std::filesystem::path{"demo"}};
    }

    const Devices& m_devices;
    QTemporaryDir m_root;
    Sockets m_sockets = makeSockets();
    desktop::StationSetup m_setup;
    EmptyLooks m_looks;
    ui::Theme m_theme{ui::ThemeChoice::Light, {}};
    std::vector<enrollment::AttestationRun> m_runs;
    std::unique_ptr<ui::RunController> m_controller;
    std::unique_ptr<ui::MainWindow> m_window;
    ui::RunScreen* m_screen = nullptr; ///< the window's
};

/// Tests end in another order in each round.
std::vector<int> endsIn(int round)
{
    std::vector<int> order(kSlots);
    std::iota(order.begin(), order.end(), 1);
    std::rotate(order.begin(), order.begin() + 1 + round % (kSlots - 1), order.end());
    return order;
}

} // namespace

/// What people do by the rule "insert", in slots whose looks the test counts; and the old rule, which must fail. A whole
/// shift by every rule: tst_whole_shift.cpp. At its end the key that is enrolled under a label is the key of the device
/// that carries it.
class ShiftTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Devices> m_devices;

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles");
        m_devices = std::make_unique<Devices>();
    }

    /// The person scans and puts the device in wherever there is room, and does what people do: puts one in without a
    /// scan, two at once, and one in another slot after all.
    void insertPairsEachLabelWithItsDevice()
    {
        Shift shift(*m_devices, PairingRule::Insert);
        for (int device = 0; device < kSlots; ++device) {
            shift.insert(device, {endsIn(1).at(static_cast<std::size_t>(device))});
        }
        shift.testInOrder(endsIn(0));
        shift.takeAllOut();

        shift.put({2}, 4); // nothing is in hand
        shift.answer(4, {2});
        shift.insert(5, {4});
        shift.scan(m_devices->at(6).label());
        shift.carryTo({1});
        shift.carryTo({3});
        shift.putBoth({{1}, 6}, {{3}, 7}); // which was first?
        shift.answer(6, {1});
        shift.answer(7, {3});
        shift.testInOrder(endsIn(1));
        shift.takeAllOut();

        shift.insert(8, {1});
        shift.takeOut({1});
        QTRY_VERIFY_WITH_TIMEOUT(!shift.controller().board().slotOf(shift.serialOf(8)), kPatience);
        QVERIFY(!shift.controller().board().inHand()); // the next device may be another one
        shift.insert(8, {2});
        shift.insert(9, {1});
        shift.insert(10, {4});
        shift.insert(11, {3});
        shift.testInOrder(endsIn(2));
        QCOMPARE(shift.enrolled(), std::size_t{kDevices});
        QCOMPARE(shift.wrongPairs(), QStringList{});
    }

    /// Nobody presses a key: two devices, one after the other in the same slot. The label of the second is scanned while
    /// the first is still in, where the pairing lets it. Devices that say their serial numbers come first.
    void devicesThatStartThemselvesArePairedWithTheirLabels_data()
    {
        QTest::addColumn<PairingRule>("pairing");
        QTest::addColumn<enrollment::StartRule>("start");
        for (const auto& [word, pairing] : enrollment::kPairingWords) {
            for (const auto start : {enrollment::StartRule::Scan, enrollment::StartRule::Present}) {
                QTest::addRow("%s, %s", word.data(), wordOf(start).data()) << pairing << start;
            }
        }
    }
    void devicesThatStartThemselvesArePairedWithTheirLabels()
    {
        QFETCH(const PairingRule, pairing);
        QFETCH(const enrollment::StartRule, start);
        Shift shift(*m_devices, pairing, start);
        const SlotNumber slot{1};
        if (pairing == PairingRule::DeviceSerial) {
            shift.putSpeaking(slot, 0, start);
            shift.takeOut(slot);
            shift.putSpeaking(slot, 1, start);
            QCOMPARE(shift.enrolled(), std::size_t{2});
            QCOMPARE(shift.wrongPairs(), QStringList{});
            return;
        }
        const auto scan = [&](int device) {
            if (pairing != PairingRule::Insert) {
                shift.scan(QStringLiteral("SLOT 1"));
            }
            shift.scan(m_devices->at(device).label());
        };
        shift.carryTo(slot); // the station knows that it is empty
        scan(0);
        shift.carryTo(slot);
        shift.put(slot, 0);
        QTRY_VERIFY_WITH_TIMEOUT(shift.passed(slot, 0), kPatience);
        if (pairing != PairingRule::Insert) {
            scan(1);
            QVERIFY(shift.controller().board().startOf(slot) == station::StartBy::Answer);
        }
        shift.takeOut(slot);
        shift.carryTo(slot);
        scan(1); // by "scan" it may be long ago
        shift.carryTo(slot);
        shift.put(slot, 1);
        QTRY_VERIFY_WITH_TIMEOUT(shift.passed(slot, 1), kPatience);
        QCOMPARE(shift.enrolled(), std::size_t{2});
        QCOMPARE(shift.wrongPairs(), QStringList{});
    }

    /// A device comes back after it was pulled out of its test. Its tile asks for its label, and nothing else is needed.
    void aDeviceThatWasPulledOutIsTestedAgainByItsLabel_data()
    {
        QTest::addColumn<PairingRule>("pairing");
        QTest::addColumn<enrollment::StartRule>("start");
        for (const auto pairing : {PairingRule::NextSlot, PairingRule::SlotThenSerial, PairingRule::Insert}) {
            for (const auto start : {enrollment::StartRule::Scan, enrollment::StartRule::Present}) {
                QTest::addRow("%s, %s", wordOf(pairing).data(), wordOf(start).data()) << pairing << start;
            }
        }
    }
    void aDeviceThatWasPulledOutIsTestedAgainByItsLabel()
    {
        QFETCH(const PairingRule, pairing);
        QFETCH(const enrollment::StartRule, start);
        m_devices->add(test::Fate::PulledOut); // once in its life
        const auto device = m_devices->last();
        Shift shift(*m_devices, pairing, start);
        const SlotNumber slot{1};
        shift.pullOut(slot, device);
        shift.put(slot, device);
        QTRY_VERIFY_WITH_TIMEOUT(shift.asksWhetherItIs(slot, device), kPatience);
        shift.press(slot); // somebody compared the label
        QTRY_VERIFY_WITH_TIMEOUT(shift.passed(slot, device), kPatience);
        QCOMPARE(shift.enrolled(), std::size_t{1});
        QCOMPARE(shift.wrongPairs(), QStringList{});
    }

    /// Its tile asks for its label, which is scanned, while another device was put there: nobody's label is bound to that.
    void aDeviceInThePlaceOfOneThatWasPulledOutIsNotTested_data()
    {
        aDeviceThatWasPulledOutIsTestedAgainByItsLabel_data();
    }
    void aDeviceInThePlaceOfOneThatWasPulledOutIsNotTested()
    {
        QFETCH(const PairingRule, pairing);
        QFETCH(const enrollment::StartRule, start);
        m_devices->add(test::Fate::PulledOut);
        const auto device = m_devices->last();
        Shift shift(*m_devices, pairing, start);
        const SlotNumber slot{1};
        shift.pullOut(slot, device);
        shift.put(slot, 0);
        QTRY_VERIFY_WITH_TIMEOUT(shift.asksWhetherItIs(slot, device), kPatience);
        shift.takeOut(slot);
        shift.scan(m_devices->at(device).label());
        shift.put(slot, device);
        QTRY_VERIFY_WITH_TIMEOUT(shift.asksWhetherItIs(slot, device), kPatience);
        shift.press(slot);
        QTRY_VERIFY_WITH_TIMEOUT(shift.passed(slot, device), kPatience);
        QCOMPARE(shift.enrolled(), std::size_t{1});
        QCOMPARE(shift.wrongPairs(), QStringList{});
    }

    /// What this test is for: the rule that a serial goes to the slot that was finished first, while a person fills the
    /// fixture from the left. Every device passes, and almost every label has the key of another.
    void theSlotThatFinishedFirstPairsThemWrongly()
    {
        Shift shift(*m_devices, PairingRule::NextSlot);
        std::vector<int> free{1, 2, 3, 4};
        for (int device = 0; device < kDevices; ++device) {
            const SlotNumber oldRule{free.at(static_cast<std::size_t>(device % kSlots))};
            QVERIFY(shift.controller().bindSerial(m_devices->at(device).label().toStdString(), oldRule).ok());
            shift.put({device % kSlots + 1}, device);
            if (device % kSlots == kSlots - 1) {
                free = endsIn(device / kSlots);
                shift.testInOrder(free);
            }
        }
        QCOMPARE(shift.enrolled(), std::size_t{kDevices});
        QVERIFY(shift.wrongPairs().size() >= kDevices / 2);
    }
};

QTEST_MAIN(ShiftTest)
#include "tst_shift.moc"

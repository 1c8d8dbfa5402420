#pragma once

#include "tests/app/desktop/shift_floor.h"
#include "tests/app/desktop/station_files.h"
#include "tests/support/agent_reply.h"
#include "tests/support/service_process.h"
#include "ui/model/catalog_text.h"

#include <QTest>

#include <algorithm>
#include <fstream>
#include <map>

namespace enroll::test {

inline constexpr int kShiftPatience = 120'000;
inline constexpr int kLongShift = 400;
inline constexpr int kShortShift = 28;

inline int numberFrom(const char* variable, int otherwise)
{
    bool given = false;
    const auto number = qEnvironmentVariableIntValue(variable, &given);
    return given ? number : otherwise;
}

inline int devicesOfShift()
{
    return numberFrom("ENROLL_SHIFT_DEVICES", kShortShift);
}

inline int slotsOfShift()
{
    return devicesOfShift() >= kLongShift ? 16 : 4;
}

/// Of every twenty devices one each is bad, unknown and pulled out.
inline Fate fateOf(int number)
{
    switch (number % 20) {
    case 6:
        return Fate::BadLine;
    case 11:
        return Fate::UnknownIssuer;
    case 2:
        return Fate::PulledOut;
    case 17:
        return Fate::ClaimedElsewhere;
    default:
        return Fate::Good;
    }
}

/// The devices of a shift, in the order in which they come.
class ShiftDevices {
public:
    explicit ShiftDevices(int count = devicesOfShift(), Fate (*fate)(int number) = fateOf)
    {
        for (int number = 1; number <= count; ++number) {
            m_devices.push_back(std::make_unique<LabelledDevice>(number, fate(number)));
        }
    }
    [[nodiscard]] std::vector<LabelledDevice*> all() const
    {
        std::vector<LabelledDevice*> all;
        for (const auto& device : m_devices) {
            all.push_back(device.get());
        }
        return all;
    }
    [[nodiscard]] int count(Fate fate) const
    {
        return static_cast<int>(std::ranges::count(m_devices, fate, [](const auto& device) { return device->fate(); }));
    }

private:
    std::vector<std::unique_ptr<LabelledDevice>> m_devices;
};

/// By which the person works.
struct ShiftRules {
    enrollment::PairingRule pairing;
    enrollment::StartRule start = enrollment::StartRule::Key;
    int slots = slotsOfShift();
};

/// A station with its fixture, and a person before it who has a scanner and two hands.
class Shift {
public:
    /// \p service takes the records.
    Shift(const ShiftDevices& devices, const ShiftRules& rules, const ServiceProcess& service) : m_rules(rules)
    {
        for (int slot = 1; slot <= rules.slots; ++slot) {
            m_sockets.emplace(slot, std::make_unique<Socket>());
        }
        configure(service);
        for (const auto& authority : devices.all().front()->authorities()) {
            m_files.trust(authority);
        }
        open();
    }

    void open()
    {
        m_station = std::make_unique<app::desktop::StationApplication>(
            must(app::desktop::loadStationSetup(m_files.sources())), ui::ThemeChoice::Light);
        m_station->show(app::desktop::WindowStart::Normal);
        QTRY_VERIFY_WITH_TIMEOUT(controller().unsearched().empty(), kShiftPatience);
    }
    /// The program ends, whatever it does, and starts again.
    void restart()
    {
        m_station.reset();
        open();
    }

    void scan(const QString& code) { typeSerial(m_station->window(), code); }
    void scan(station::Command command) { scan(QString::fromStdString(m_commands.textOf(command))); }
    void choose(int slot) { scan(QStringLiteral("SLOT %1").arg(slot)); }
    /// And, one by one, those whose device the station asks about.
    void startAll()
    {
        scan(station::Command::StartAll);
        for (const auto slot : board().leftOut()) {
            choose(slot.value);
            scan(station::Command::Start);
        }
    }
    void acknowledge(int slot)
    {
        choose(slot);
        scan(station::Command::Acknowledge);
    }

    /// Scans the label and puts the device in, as the rule asks for it.
    void place(int slot, LabelledDevice& device) { place(slot, device, device.label()); }
    void place(int slot, LabelledDevice& device, const QString& label)
    {
        if (rule() == enrollment::PairingRule::DeviceSerial) {
            placeSpeaking(slot, device, label);
            return;
        }
        if (rule() == enrollment::PairingRule::SlotThenSerial ||
            (rule() == enrollment::PairingRule::NextSlot && marked() != slot)) {
            choose(slot);
        }
        scan(label);
        socket(slot).put(device);
        if (rule() == enrollment::PairingRule::Insert) {
            QTRY_VERIFY_WITH_TIMEOUT(waitsIn(slot, label) || board().unnamed({slot}), kShiftPatience);
        }
        if (!waitsIn(slot, label)) { // whose is it? The look began before the scan
            choose(slot);
            scan(label);
        }
        QVERIFY2(waitsIn(slot, label), qPrintable(said()));
    }
    void takeOut(int slot)
    {
        socket(slot).takeOut();
        if (board().senses()) {
            QTRY_VERIFY_WITH_TIMEOUT(board().presence({slot}) == station::Presence::Absent, kShiftPatience);
        }
    }
    /// The test told nothing of the device: the result is dealt with, and the device comes again.
    void again(int slot)
    {
        auto& device = *socket(slot).device();
        takeOut(slot);
        acknowledge(slot);
        place(slot, device);
        choose(slot);
        scan(station::Command::Start);
        waitForEnd();
    }

    void waitForEnd() { QTRY_VERIFY_WITH_TIMEOUT(controller().idle() && board().running().empty(), kShiftPatience); }
    void waitForTests() { QTRY_VERIFY_WITH_TIMEOUT(!board().running().empty(), kShiftPatience); }

    /// A person needs longer to carry a device to \p slot than the station for a look at it that begins now.
    void carryTo(int slot)
    {
        constexpr int kLooks = 3; // one may be under way, and the news of another one
        int looks = 0;
        QObject counting; // ends it
        QObject::connect(&controller(), &ui::RunController::slotChanged, &counting,
                         [&](enrollment::SlotNumber looked) { looks += looked.value == slot ? 1 : 0; });
        QTRY_VERIFY_WITH_TIMEOUT(looks >= kLooks || !board().senses(), kShiftPatience);
    }

    [[nodiscard]] Socket& socket(int slot) { return *m_sockets.at(slot); }
    [[nodiscard]] const std::map<int, std::unique_ptr<Socket>>& sockets() const { return m_sockets; }
    [[nodiscard]] ui::RunController& controller() { return m_station->controller(); }
    [[nodiscard]] const station::SlotBoard& board() { return controller().board(); }
    [[nodiscard]] const ui::TileContent& tile(int slot) { return tileOf(*m_station, slot); }
    [[nodiscard]] bool waitsIn(int slot, const QString& label)
    {
        return board().slotOf(enrollment::SerialNumber{label.toStdString()}) == enrollment::SlotNumber{slot};
    }
    [[nodiscard]] ui::ScanMessage message() { return m_station->runScreen().scanBar().message(); }
    [[nodiscard]] QString said() { return message().headline + QLatin1Char(' ') + message().next; }
    [[nodiscard]] std::optional<int> marked()
    {
        const auto slot = std::ranges::find_if(m_sockets, [this](const auto& entry) { return tile(entry.first).next; });
        return slot == m_sockets.end() ? std::nullopt : std::optional{slot->first};
    }
    [[nodiscard]] std::filesystem::path data() const { return m_files.file("data"); }
    [[nodiscard]] enrollment::PairingRule rule() const { return m_rules.pairing; }
    [[nodiscard]] std::optional<int> devicesCounted()
    {
        const auto& counted = m_station->window().appBar().content().caption.counted;
        return counted ? std::optional{counted->number} : std::nullopt;
    }

private:
    /// Puts the device in, if it is not in yet, and scans its label when the station heard who it is. Another \p label is
    /// refused before that, and changes nothing.
    void placeSpeaking(int slot, LabelledDevice& device, const QString& label)
    {
        if (socket(slot).device() != &device) {
            socket(slot).put(device);
        }
        QTRY_VERIFY2_WITH_TIMEOUT(waitsIn(slot, device.label()) || board().unnamed({slot}), qPrintable(said()),
                                  kShiftPatience);
        if (label != device.label()) {
            scan(label);
            const auto code = message().code ? ui::codeText(*message().code) : QString{};
            QVERIFY2(code == QLatin1String("B-631") || code == QLatin1String("B-632"), qPrintable(said()));
            QVERIFY2(!waitsIn(slot, label), qPrintable(said()));
        }
        scan(device.label());
        QVERIFY2(waitsIn(slot, device.label()), qPrintable(said()));
    }
    void configure(const ServiceProcess& service)
    {
        std::ofstream out(m_files.file("station.toml"));
        out << "schema = 1\n[station]\nid = \"ST-07\"\ndata_dir = \"" << data().string() << "\"\npairing = \""
            << enrollment::wordOf(rule()) << "\"\nstart = \"" << enrollment::wordOf(m_rules.start) << "\"\n";
        for (const auto& [slot, socket] : m_sockets) {
            out << "[[slot]]\nnumber = " << slot << "\ndevice = \"" << socket->address() << "\"\n";
        }
        out << "[[destination]]\nname = \"cloud\"\nkind = \"dps\"\nconnection_string_file = \""
            << service.connectionStringFile().toStdString() << "\"\nca_file = \"" << service.caFile().toStdString()
            << "\"\n";
    }

    ShiftRules m_rules;
    station::CommandCodes m_commands = must(station::CommandCodes::of(enrollment::StationId{"ST-07"}));
    StationFiles m_files;
    std::map<int, std::unique_ptr<Socket>> m_sockets;
    std::unique_ptr<app::desktop::StationApplication> m_station;
};

} // namespace enroll::test

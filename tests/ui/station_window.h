#pragma once

#include "tests/support/ek_authority.h"
#include "tests/support/fake_device_tpm.h"
#include "tests/support/gated_journal.h"
#include "tests/support/must.h"
#include "tests/support/stalling_tpm.h"
#include "tests/support/worked_challenge.h"
#include "ui/run/run_screen.h"
#include "ui/shell/main_window.h"

#include <QApplication>
#include <QLineEdit>
#include <QTest>

namespace enroll::test {

inline constexpr int kPatience = 20'000;
/// How long after a key a person presses the next one; a scanner's comes sooner.
inline constexpr int kByHandMs = 200;

inline const DeviceKeys& workedKeys()
{
    static const auto value = WorkedChallenge{}.keys();
    return value;
}

using Device = std::unique_ptr<attestation::DeviceTpm>;

inline Result<Device> stallingDevice(const enrollment::EnrollmentOrder&, std::stop_token stop)
{
    return Device{std::make_unique<StallingTpm>(std::move(stop))};
}

/// Who may work at a station.
struct Who {
    ::enroll::station::SignIn signIn{};
    std::shared_ptr<::enroll::station::BadgeCheck> badges = {};
    std::shared_ptr<::enroll::station::ActLog> acts = {};
    std::shared_ptr<::enroll::station::DutyMemory> duty = {};
    std::function<::enroll::station::SignIn::TimePoint()> clock = {}; ///< none: the real one
};

/// A window with its slots, every port in memory.
struct Station {
    explicit Station(
        int slots, const station::DeviceTpmFactory& device = {}, std::shared_ptr<std::latch> closedGate = nullptr,
        std::string serialPattern = "^GX-[0-9]{6}$",
        enrollment::PairingRule pairing = enrollment::PairingRule::NextSlot,
        const station::PresenceProbe& presence = {}, const enrollment::ScannerSettings& scanner = {},
        ui::ThemeChoice colours = ui::ThemeChoice::Light,
        const ::enroll::station::SelfStart& start = ::enroll::station::SelfStart{enrollment::StartRule::Key},
        std::shared_ptr<station::SlotMemory> memory = nullptr, const ui::Viewing& viewing = {},
        const ::enroll::station::WorkOrder& order = ::enroll::station::WorkOrder{}, const Who& who = {})
        : gate(std::move(closedGate)), journal(gate), theme(colours, viewing)
    {
        ui::RunSetup setup;
        setup.pairing = pairing;
        setup.start = start;
        setup.presence = presence;
        setup.memory = std::move(memory);
        setup.workOrder = order;
        setup.signIn = who.signIn;
        setup.badges = who.badges;
        setup.acts = who.acts;
        setup.duty = who.duty;
        if (who.clock) {
            setup.clock = who.clock;
        }
        for (int slot = 1; slot <= slots; ++slot) {
            setup.devices.emplace(enrollment::SlotNumber{slot}, "tcp://127.0.0.1:2321");
        }
        setup.order.profile.serialPattern = must(enrollment::SerialPattern::compile(std::move(serialPattern)));
        setup.scans = station::ScanRouter{scanner, commands, setup.order.profile.serialPattern};
        setup.order.anchors = authority.anchors();
        setup.factories.journal = journal.factory();
        setup.factories.tpm = device ? device : genuine();
        controller = std::make_unique<ui::RunController>(std::move(setup));
        const ui::StationIdentity identity{QStringLiteral("ST-07"), {}, {}};
        window = std::make_unique<ui::MainWindow>(theme, identity);
        runScreen = new ui::RunScreen(*controller, theme, identity);
        window->add(runScreen);
        window->resize(1280, 800);
        window->show();
        // Keys reach an active window only.
        window->activateWindow();
        [this] { QTRY_VERIFY_WITH_TIMEOUT(window->isActiveWindow(), kPatience); }();
    }

    /// A test that fails early leaves no slot waiting for the journal.
    ~Station() { openGate(); }
    Station(const Station&) = delete;
    Station& operator=(const Station&) = delete;

    void openGate()
    {
        if (const auto closed = std::exchange(gate, nullptr)) {
            closed->count_down();
        }
    }

    station::DeviceTpmFactory genuine()
    {
        return [this](const enrollment::EnrollmentOrder&, const std::stop_token&) -> Result<Device> {
            auto tpm = std::make_unique<FakeDeviceTpm>(workedKeys());
            tpm->setCertificateNv(authority.issue(workedKeys().endorsementKey.pem));
            return Device{std::move(tpm)};
        };
    }

    [[nodiscard]] QLineEdit* entry() const { return window->findChild<QLineEdit*>(QStringLiteral("serialEntry")); }
    void type(const QString& serial)
    {
        entry()->selectAll();
        QTest::keyClicks(entry(), serial);
        QTest::keyClick(entry(), Qt::Key_Return);
    }
    /// F2 and the slot's number.
    void choose(int slot)
    {
        press(Qt::Key_F2);
        QTest::keyClicks(QApplication::focusWidget(), QString::number(slot));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    }
    /// A scanner: its keys go wherever the focus is.
    void scan(const QString& code)
    {
        for (const auto character : code) {
            QTest::keyClick(QApplication::focusWidget(), character.toLatin1());
        }
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    }
    void scan(station::Command command) { scan(QString::fromStdString(commands.textOf(command))); }
    void press(int key) { QTest::keyClick(window.get(), static_cast<Qt::Key>(key)); }
    /// A person reads what the bar asks: who wants it once more from here on means it.
    void readQuestion()
    {
        m_ahead += std::chrono::seconds{1};
        runScreen->setClock([ahead = m_ahead] { return std::chrono::steady_clock::now() + ahead; });
    }
    void fillAll()
    {
        for (const auto slot : controller->board().slots()) {
            type(QStringLiteral("GX-%1").arg(slot.value, 6, 10, QLatin1Char('0')));
        }
    }
    [[nodiscard]] const ui::TileContent& tile(int slot) const { return runScreen->grid().tile({slot})->content(); }
    [[nodiscard]] ui::ScanMessage message() const { return runScreen->scanBar().message(); }
    /// The scan bar tells \p news, of \p slot or of none.
    [[nodiscard]] bool tells(ui::ScanNews news, std::optional<int> slot = {}) const
    {
        const auto wanted = slot ? std::optional{enrollment::SlotNumber{*slot}} : std::nullopt;
        return message().news == news && message().slot == wanted;
    }
    [[nodiscard]] bool refuses(ErrorCode code) const
    {
        return message().news == ui::ScanNews::Refused && message().code == code;
    }

    station::CommandCodes commands = must(station::CommandCodes::of(enrollment::StationId{"ST-07"}));
    EkAuthority authority;
    std::shared_ptr<std::latch> gate;
    GatedJournal journal;
    ui::Theme theme;
    std::unique_ptr<ui::RunController> controller;
    std::unique_ptr<ui::MainWindow> window;
    ui::RunScreen* runScreen = nullptr; ///< the window's

private:
    std::chrono::seconds m_ahead{}; ///< of the screen's clock
};

} // namespace enroll::test

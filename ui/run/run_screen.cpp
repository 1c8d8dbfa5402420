#include "ui/run/run_screen.h"

#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "ui/model/catalog_text.h"
#include "ui/run/slot_side_panel.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace enroll::ui {
namespace {

using enrollment::SlotNumber;

// Progress is the only motion, four times a second.
constexpr std::chrono::milliseconds kProgressInterval{250};
// The smallest window in which the tiles can be read; sixteen need more.
constexpr QSize kSmallest{960, 500};
constexpr QSize kSmallestForMany{1280, 640};
constexpr double kMarginX = 24;
constexpr double kMarginY = 16;
// Of the margins and gaps around tiles, this much lies inside the tiles, for their focus rings.
constexpr int kRing = 5;

} // namespace

RunScreen::RunScreen(RunController& controller, const Theme& theme, StationIdentity identity, QWidget* parent)
    : Screen(parent), m_controller(controller), m_theme(theme), m_identity(std::move(identity)),
      m_slotNumber(controller.board().slots().back().value), m_stop(new StationStop(theme, this)),
      m_grid(new SlotGrid(controller.board().slots(), theme, this)), m_scanBar(new ScanBar(theme, this))
{
    setFocusPolicy(Qt::ClickFocus);
    const auto many = densityFor(static_cast<int>(controller.board().slots().size())) == Density::Sixteen;
    setMinimumSize(many ? kSmallestForMany : kSmallest);
    buildLayout();
    connect(&controller, &RunController::slotChanged, this, &RunScreen::refreshSlot);
    connect(&controller, &RunController::stopReasonChanged, this, &RunScreen::showStop);
    connect(&controller, &RunController::runFinished, this, &RunScreen::sayFinished);
    connect(&controller, &RunController::slotChanged, this, &RunScreen::tellIdle);
    connect(m_grid, &SlotGrid::activated, this, &RunScreen::activateSlot);
    connect(m_grid, &SlotGrid::chosen, this, [this](int slot) { selectSlot({slot}); });
    connect(m_grid, &SlotGrid::focused, this, &RunScreen::slotFocused);
    connect(m_scanBar, &ScanBar::serialEntered, this, &RunScreen::enterSerial);
    connectSlotNumber();
    connect(&m_progressTimer, &QTimer::timeout, this, &RunScreen::refreshRunning);
    m_progressTimer.setInterval(kProgressInterval);
    refreshAll();
    sayIdle();
    m_scanBar->focusEntry();
}

void RunScreen::buildLayout()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_middle = new QHBoxLayout;
    m_middle->setSpacing(16 - kRing);
    m_middle->addWidget(m_grid, 1232);
    if (m_controller.board().slots().size() == 1) {
        m_side = new SlotSidePanel(m_theme, this);
        m_middle->addWidget(m_side, 624);
    }
    column->addWidget(m_stop);
    column->addLayout(m_middle, 1);
    column->addWidget(m_scanBar);
}

void RunScreen::connectSlotNumber()
{
    connect(&m_slotNumber, &SlotNumberEntry::chosen, this, [this](int number) { selectSlot({number}); });
    connect(&m_slotNumber, &SlotNumberEntry::scanned, m_scanBar, &ScanBar::focusEntry);
    connect(&m_slotNumber, &SlotNumberEntry::undecided, this, [this](int number) {
        m_scanBar->show({ScanNews::OneMoreDigit, tr("Slot %1?").arg(number),
                         tr("Press Enter, or type one more digit. Esc goes back."), SlotNumber{number}});
    });
}

std::vector<ScreenKey> RunScreen::keys()
{
    return {
        {Qt::Key_F2, [this] { chooseSlot(); }},    {Qt::Key_F3, [this] { focusSerialEntry(); }},
        {Qt::Key_F4, [this] { startAllReady(); }}, {Qt::Key_F7, [this] { stopSelectedSlot(); }},
        {Qt::Key_Escape, [this] { cancel(); }},
    };
}

void RunScreen::refresh()
{
    refreshAll();
    Q_EMIT journalWanted(recordsOnShow());
}

Caption RunScreen::caption() const
{
    return captionOf(m_identity, m_journal ? std::optional{m_journal->devicesToday} : std::nullopt);
}

Caption RunScreen::captionOf(const StationIdentity& identity, std::optional<int> devicesToday)
{
    Caption caption;
    caption.subject = identity.profile;
    if (identity.softwareTpms == SoftwareTpms::Allowed) {
        caption.caution = tr("Software TPMs allowed");
    }
    if (devicesToday) {
        caption.counted = {*devicesToday, *devicesToday == 1
                                              ? tr("device tested today", "after the number one")
                                              : tr("devices tested today", "after their number", *devicesToday)};
    }
    return caption;
}

void RunScreen::takeFocus()
{
    m_scanBar->focusEntry();
}

std::vector<enrollment::RunId> RunScreen::recordsOnShow() const
{
    std::vector<enrollment::RunId> onShow;
    for (const auto slot : m_controller.board().slots()) {
        const auto* finished = std::get_if<station::SlotFinished>(&m_controller.board().state(slot));
        // Only a run that passed has a record, and only what was committed can be read.
        if (finished != nullptr && finished->run.outcome == Outcome::Pass) {
            onShow.push_back(finished->run.runId);
        }
    }
    return onShow;
}

void RunScreen::showJournal(const JournalView& view)
{
    m_journal = view;
    m_scanBar->counters().show(view.today);
    refreshAll();
    Q_EMIT captionChanged();
}

void RunScreen::focusSerialEntry()
{
    cancel();
    m_scanBar->focusEntry();
}

void RunScreen::chooseSlot()
{
    m_stopQuestion.reset();
    m_slotNumber.begin();
    setFocus(Qt::ShortcutFocusReason);
    const auto last = m_controller.board().slots().back().value;
    m_scanBar->show({ScanNews::WhichSlot, tr("Which slot?"), tr("Type its number, 1 to %1. Esc goes back.").arg(last)});
}

void RunScreen::startAllReady()
{
    m_slotNumber.cancel();
    const auto started = m_controller.startAllReady(std::exchange(m_selected, std::nullopt));
    if (m_controller.stopReason()) {
        say(*m_controller.stopReason());
    } else if (started == 0) {
        m_scanBar->show({ScanNews::NothingReady, tr("No slot is ready."), tr("Scan or type a serial first.")});
    } else {
        sayStarted(started == 1 ? tr("1 slot started.") : tr("%n slots started.", nullptr, started));
    }
    m_scanBar->focusEntry();
}

void RunScreen::stopSelectedSlot()
{
    const auto confirmed = std::exchange(m_stopQuestion, std::nullopt);
    const auto slot = confirmed ? confirmed : slotToStop();
    if (!slot) {
        m_scanBar->show({ScanNews::NothingToStop, tr("No running slot is selected."),
                         tr("Press F2 and the slot's number, then F7.")});
    } else if (savesItsVerdict(*slot)) {
        m_scanBar->show({ScanNews::TooLateToStop, tr("Slot %1 is saving its verdict.").arg(slot->value),
                         tr("It cannot be stopped any more."), slot});
    } else if (confirmed) {
        m_controller.stop(*slot);
        m_scanBar->show(
            {ScanNews::Stopping, tr("Slot %1 is stopping.").arg(slot->value), tr("Its device is not judged."), slot});
    } else {
        m_stopQuestion = slot;
        m_scanBar->show(
            {ScanNews::StopQuestion, tr("Stop slot %1?").arg(slot->value), tr("F7 stops it. Esc lets it run."), slot});
    }
}

std::optional<SlotNumber> RunScreen::slotToStop() const
{
    const auto running = m_controller.board().running();
    if (!m_selected && running.size() == 1) {
        return running.front();
    }
    return m_selected && std::ranges::find(running, *m_selected) != running.end() ? m_selected : std::nullopt;
}

bool RunScreen::savesItsVerdict(SlotNumber slot) const
{
    const auto* running = std::get_if<station::SlotRunning>(&m_controller.board().state(slot));
    return running != nullptr && running->step == attestation::AttestationStep::Record;
}

void RunScreen::cancel()
{
    m_slotNumber.cancel();
    m_stopQuestion.reset();
    m_selected.reset();
    sayIdle();
    m_scanBar->focusEntry();
}

void RunScreen::stopForGood()
{
    m_controller.stopAll();
    setEnabled(false); // neither a key nor a click starts anything from here on
    m_scanBar->show({ScanNews::Closing, tr("Stopping every slot."), tr("The window closes by itself.")});
}

void RunScreen::resizeEvent(QResizeEvent* event)
{
    Screen::resizeEvent(event);
    const ScreenScale scale(window()->size(), m_theme.viewing());
    m_stop->setScale(scale);
    m_scanBar->setScale(scale);
    const auto x = scale.whole(kMarginX) - kRing;
    const auto y = scale.whole(kMarginY) - kRing;
    m_middle->setContentsMargins(x, y, x, y);
}

void RunScreen::typed(QKeyEvent& event)
{
    const auto text = event.text();
    const auto printable = !text.isEmpty() && text.at(0).isPrint() && !text.at(0).isSpace();
    if (m_slotNumber.active() && (event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter)) {
        return m_slotNumber.decide();
    }
    // Nothing of a label may get lost.
    if (printable && (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier)) == Qt::NoModifier) {
        return m_slotNumber.active() ? m_slotNumber.take(text) : m_scanBar->focusEntry(text);
    }
    event.ignore();
}

void RunScreen::tellIdle()
{
    if (idle()) {
        Q_EMIT becameIdle();
    }
}

bool RunScreen::focusNextPrevChild(bool next)
{
    forgetSelection();
    return Screen::focusNextPrevChild(next);
}

void RunScreen::slotFocused(int slot)
{
    if (m_selected != SlotNumber{slot}) {
        forgetSelection();
    }
}

void RunScreen::forgetSelection()
{
    if (m_selected) {
        m_selected.reset();
        m_stopQuestion.reset();
        sayIdle();
    }
}

void RunScreen::selectSlot(SlotNumber slot)
{
    if (!m_controller.board().has(slot)) {
        m_scanBar->show({ScanNews::NoSuchSlot, tr("There is no slot %1.").arg(slot.value),
                         tr("Press F2 to choose another."), slot});
        m_scanBar->focusEntry();
        return;
    }
    m_selected = slot;
    m_grid->tile(slot)->setFocus(Qt::ShortcutFocusReason);
    m_scanBar->show({ScanNews::Selected, tr("Slot %1 is selected.").arg(slot.value),
                     offerOf(m_controller.board().state(slot)), slot});
}

QString RunScreen::offerOf(const station::SlotState& state) const
{
    if (const auto* ready = std::get_if<station::SlotReady>(&state)) {
        return tr("F4 starts its test. The next serial takes the place of %1.")
            .arg(QString::fromStdString(ready->serial.text()));
    }
    if (std::holds_alternative<station::SlotRunning>(state)) {
        return tr("It runs. F7 stops it.");
    }
    const auto* finished = std::get_if<station::SlotFinished>(&state);
    if (finished != nullptr && finished->run.code == DeviceCode::Cancelled) {
        return tr("F4 starts its test again.");
    }
    return tr("Scan or type a serial.");
}

void RunScreen::enterSerial(const QString& text)
{
    m_stopQuestion.reset();
    const auto bound = m_controller.bindSerial(text, m_selected);
    if (!bound.ok()) {
        return say(bound.error());
    }
    m_selected.reset();
    sayBound(*bound, text.trimmed());
}

void RunScreen::sayBound(const station::Binding& binding, const QString& serial)
{
    auto next =
        onlySlot() ? tr("Put the device in. F4 starts its test.") : tr("Put the device in. F4 starts all ready slots.");
    if (binding.gaveWay) {
        next = tr("%1 gave way and has no slot now. %2").arg(QString::fromStdString(binding.gaveWay->text()), next);
    }
    m_scanBar->show({ScanNews::Ready, tr("Slot %1 is ready for %2.").arg(QString::number(binding.slot.value), serial),
                     next, binding.slot});
}

void RunScreen::activateSlot(int number)
{
    if (!isEnabled()) { // an assistive program presses what is disabled, too
        return;
    }
    m_slotNumber.cancel();
    const SlotNumber slot{number};
    switch (m_controller.start(slot)) {
    case RunController::Start::Started:
        m_selected.reset();
        sayStarted(tr("Slot %1 started.").arg(number));
        m_scanBar->focusEntry();
        return;
    case RunController::Start::NothingBound:
        m_selected = slot;
        m_scanBar->show({ScanNews::TakesNext, tr("The next serial goes to slot %1.").arg(number),
                         tr("Scan or type a serial."), slot});
        m_scanBar->focusEntry();
        return;
    case RunController::Start::RunsAlready:
        m_selected = slot;
        m_scanBar->show({ScanNews::RunsAlready, tr("Slot %1 is running.").arg(number), tr("F7 stops it."), slot});
        return;
    case RunController::Start::StationStopped:
        m_scanBar->focusEntry();
        return say(*m_controller.stopReason());
    }
}

void RunScreen::refreshSlot(SlotNumber slot)
{
    const auto& state = m_controller.board().state(slot);
    TileContext context{slot, m_controller.deviceOf(slot), std::chrono::steady_clock::now(),
                        &m_controller.usualDurations()};
    if (const auto* finished = std::get_if<station::SlotFinished>(&state); finished != nullptr && m_journal) {
        const auto known = m_journal->records.find(finished->run.runId);
        if (known != m_journal->records.end()) {
            context.record = known->second;
        }
    }
    context.testing = m_controller.stopReason() ? Testing::Stopped : Testing::Allowed;
    m_grid->tile(slot)->show(tileContent(state, context));
    if (m_side != nullptr) {
        m_side->show(state, context.record, context.device);
    }
    m_controller.board().running().empty() ? m_progressTimer.stop() : m_progressTimer.start();
}

void RunScreen::refreshAll()
{
    for (const auto slot : m_controller.board().slots()) {
        refreshSlot(slot);
    }
}

void RunScreen::showStop()
{
    const auto& reason = m_controller.stopReason();
    m_stop->show(reason);
    refreshAll();
    if (!isEnabled()) {
        return;
    }
    if (reason) {
        return say(*reason);
    }
    m_scanBar->show({ScanNews::CanTestAgain, tr("The station can test again."), tr("Scan or type a serial.")});
}

void RunScreen::refreshRunning()
{
    for (const auto slot : m_controller.board().running()) {
        refreshSlot(slot);
    }
}

void RunScreen::say(const Error& error)
{
    auto headline = headlineText(error);
    const auto holder = m_controller.board().slotOf(enrollment::SerialNumber{error.subject});
    if (error.code == ScanCode::SerialAlreadyInSlot && holder) {
        headline =
            tr("%1 is already in slot %2.").arg(QString::fromStdString(error.subject), QString::number(holder->value));
    }
    m_scanBar->show({ScanNews::Refused, headline, tr("%1  %2").arg(codeText(error.code), instructionText(error.code)),
                     holder, error.code});
}

void RunScreen::sayStarted(const QString& headline)
{
    using enum ScanNews;
    m_scanBar->show(onlySlot()
                        ? ScanMessage{Started, tr("The test runs."), tr("Leave the device in. F7 stops the test.")}
                        : ScanMessage{Started, headline, tr("Scan or type the next serial.")});
}

void RunScreen::sayFinished(const enrollment::AttestationRun& run)
{
    if (!isEnabled()) { // the window is closing, and says so
        return;
    }
    const auto asked = m_stopQuestion == run.slot;
    if (asked) {
        m_stopQuestion.reset();
    }
    if (onlySlot()) {
        sayResult(run);
    } else if (asked) {
        sayIdle();
    }
}

void RunScreen::sayResult(const enrollment::AttestationRun& run)
{
    if (run.code == DeviceCode::Cancelled) {
        m_scanBar->show(
            {ScanNews::StartsAgain, tr("The device has no verdict."), tr("F4 starts its test again."), run.slot});
    } else if (run.outcome == Outcome::StationFault || run.outcome == Outcome::Aborted) {
        m_scanBar->show({ScanNews::NotJudged, tr("The device has no verdict."),
                         tr("To test it again, scan or type its serial."), run.slot});
    } else {
        m_scanBar->show({ScanNews::ResultStays, tr("The result stays until the next serial."),
                         tr("Scan or type a serial."), run.slot});
    }
}

void RunScreen::sayIdle()
{
    if (m_controller.stopReason()) {
        return say(*m_controller.stopReason());
    }
    m_scanBar->show(
        {ScanNews::Idle, tr("Scan or type a serial."),
         onlySlot() ? tr("Then put the device in.") : tr("It goes to the next free slot. F2 chooses another.")});
}

} // namespace enroll::ui

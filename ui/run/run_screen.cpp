#include "ui/run/run_screen.h"

#include "core/base/scan_code.h"
#include "core/station/chosen_slot.h"
#include "ui/run/key_messages.h"
#include "ui/run/slot_pane.h"
#include "ui/run/slot_presenter.h"

#include <QBoxLayout>
#include <QKeyEvent>

#include <utility>

namespace enroll::ui {
namespace {

using enrollment::SlotNumber;

// Below the app bar of the smallest window: 960 x 540, a full HD screen at 200 %, less what a desktop keeps for itself.
constexpr QSize kSmallest{880, 400};
constexpr int kTileGap = 11; // 16 from frame to frame: the tiles keep 5 for their focus rings

} // namespace

RunScreen::RunScreen(RunController& controller, const Theme& theme, StationIdentity identity, QWidget* parent)
    : Screen(parent), m_controller(controller), m_theme(theme), m_identity(std::move(identity)),
      m_slotNumber(controller.board().slots().back().value), m_stop(new StationStop(theme, this)),
      m_grid(new SlotGrid(controller.board().slots(), theme, this)),
      m_pane(new SlotPane(controller.board().slots(), theme, this)), m_scanBar(new ScanBar(theme, this))
{
    setFocusPolicy(Qt::ClickFocus);
    setMinimumSize(kSmallest);
    buildLayout();
    connect(&controller, &RunController::slotChanged, this, &RunScreen::refreshSlot);
    connect(&controller, &RunController::stopReasonChanged, this, &RunScreen::showStop);
    connect(&controller, &RunController::stopExplained, this, [this] { m_stop->show(m_controller.stopReason()); });
    connect(&controller, &RunController::runFinished, this, &RunScreen::sayFinished);
    connect(&controller, &RunController::slotChanged, this, &RunScreen::tellIdle);
    connect(&controller, &RunController::devicesChanged, this, &RunScreen::sayNews);
    connect(&controller, &RunController::startedItself, this, &RunScreen::sayStarted);
    connect(&controller, &RunController::deviceLate, this, &RunScreen::sayLate);
    connect(&controller, &RunController::orderChanged, this, &RunScreen::captionChanged);
    connect(&controller, &RunController::personChanged, this, &RunScreen::captionChanged);
    connect(&controller, &RunController::signedIn, this, &RunScreen::saySignedIn);
    connect(&controller, &RunController::signInFailed, this, &RunScreen::sayNoSignIn);
    connect(&controller, &RunController::signInChanged, this, &RunScreen::forgetReading);
    // What was typed behind the badge, before anybody was asked, may be the PIN.
    connect(&controller, &RunController::pinAsked, m_scanBar, &ScanBar::clearEntry);
    connect(&controller, &RunController::locked, this, &RunScreen::forgetHalfDone);
    connect(&controller, &RunController::handedOver, this, &RunScreen::forgetHalfDone);
    connect(m_grid, &SlotGrid::activated, this, &RunScreen::activateSlot);
    connect(m_grid, &SlotGrid::chosen, this, [this](int slot) { selectSlot({slot}); });
    connect(m_grid, &SlotGrid::focused, this, &RunScreen::slotFocused);
    connect(m_grid, &SlotGrid::pageChosen, this, [this](int page) {
        showPage(page);
        m_scanBar->focusEntry();
    });
    connect(m_grid, &SlotGrid::needsPerson, this, [this](int slot) { letSee({slot}); });
    connect(&theme, &Theme::changed, this, &RunScreen::rescale);
    connect(m_scanBar, &ScanBar::serialEntered, this, &RunScreen::enter);
    connect(m_grid, &SlotGrid::alerted, this, &RunScreen::alerted);
    connect(m_scanBar, &ScanBar::cutOff, this, &RunScreen::sayCutOff);
    connectSlotNumber();
    m_scanBar->setScanner(controller.scans().settings());
    refreshAll();
    sayFirst();
    m_scanBar->focusEntry();
}

void RunScreen::buildLayout()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_middle = new QHBoxLayout;
    m_middle->setSpacing(kTileGap);
    m_middle->addWidget(m_grid, 1232);
    m_middle->addWidget(m_pane, 624);
    m_slots = new SlotPresenter(m_controller, *m_grid, *m_pane, this);
    column->addWidget(m_stop);
    column->addLayout(m_middle, 1);
    column->addWidget(m_scanBar);
}

void RunScreen::connectSlotNumber()
{
    connect(&m_slotNumber, &SlotNumberEntry::chosen, this, [this](int number) { selectSlot({number}); });
    connect(&m_slotNumber, &SlotNumberEntry::scanned, m_scanBar, &ScanBar::goOnWith);
    connect(&m_slotNumber, &SlotNumberEntry::undecided, this, [this](int number) {
        tell({ScanNews::OneMoreDigit, tr("Slot %1?").arg(number),
              tr("Press Enter, or type one more digit. Esc goes back."), SlotNumber{number}});
    });
}

void RunScreen::refresh()
{
    refreshAll();
    Q_EMIT journalWanted(m_slots->recordsOnShow());
}

void RunScreen::showJournal(const JournalView& view)
{
    m_tested = {view.devices, view.since, view.tests};
    m_scanBar->counters().show(view.counted);
    m_slots->takeJournal(view);
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
    if (onlySlot()) {
        return selectSlot(m_controller.board().slots().front());
    }
    select(std::nullopt); // what is done before the number is whole is not for the slot of before
    m_slotNumber.begin();
    setFocus(Qt::ShortcutFocusReason);
    const auto last = m_controller.board().slots().back().value;
    tell({ScanNews::WhichSlot, tr("Which slot?"), tr("Type its number, 1 to %1. Esc goes back.").arg(last)});
}

void RunScreen::startAllReady()
{
    m_slotNumber.decideIfAsked();
    m_slotNumber.cancel();
    if (isSlip({ScanNews::LeftOut}) || endHaste()) {
        return;
    }
    if (endAnswer(onlySlot() ? m_controller.board().slots().front() : m_selected.value_or(SlotNumber{})) &&
        onlySlot()) {
        return;
    }
    const auto started = m_controller.startAllReady(m_selected);
    select(std::nullopt);
    const auto leftOut = m_controller.board().leftOut();
    if (const auto why = m_controller.whyNothingStarts()) {
        tell(startRefusedMessage(*why, m_controller.board()));
    } else if (!leftOut.empty()) {
        tell(leftOutMessage(leftOut.front(), m_controller.board()));
    } else if (started > 0) {
        tell(startedMessage(started == 1 ? tr("1 slot started.") : tr("%n slots started.", nullptr, started),
                            m_controller.board()));
    } else {
        tell(nothingToStartMessage(m_controller.board()));
    }
    m_scanBar->focusEntry();
}

void RunScreen::stopSelectedSlot()
{
    m_slotNumber.decideIfAsked();
    if (isSlip({ScanNews::StopQuestion, ScanNews::TakenBack})) {
        return;
    }
    const auto confirmed = stopQuestion();
    if (!confirmed && takeSelectedBack()) {
        return;
    }
    const auto slot = confirmed ? confirmed : station::slotToStop(m_controller.board(), m_selected);
    if (!slot) {
        tell(nothingToStopMessage(m_selected, m_controller.board()));
    } else if (savesItsVerdict(*slot)) {
        tell({ScanNews::TooLateToStop, tr("Slot %1 is saving its verdict.").arg(slot->value),
              tr("It cannot be stopped any more."), slot});
    } else if (confirmed) {
        m_controller.stop(*slot);
        select(std::nullopt);
        tell({ScanNews::Stopping, tr("Slot %1 is stopping.").arg(slot->value), tr("Its device is not judged."), slot});
    } else {
        tell({ScanNews::StopQuestion, tr("Stop slot %1?").arg(slot->value), tr("F7 stops it. Esc lets it run."), slot});
    }
}

void RunScreen::acknowledgeResult()
{
    m_slotNumber.decideIfAsked();
    m_slotNumber.cancel();
    const auto slot = station::slotToAcknowledge(m_controller.board(), m_selected);
    const auto done = slot ? m_controller.acknowledge(*slot) : Result<bool>{false};
    if (!done.ok()) {
        return tell(acknowledgeRefusedMessage(done.error(), *slot, m_controller.board()));
    }
    select(std::nullopt);
    if (!*done) {
        tell(nothingToAcknowledgeMessage(slot, m_controller.board()));
    } else if (m_controller.stopReason()) {
        sayIdle();
    } else {
        tell(acknowledgedMessage(*slot, m_controller.board()));
    }
    m_scanBar->focusEntry();
}

void RunScreen::toggleDetail()
{
    m_slotNumber.decideIfAsked();
    if (!m_slots->toggleDetail(m_selected)) {
        tell(noSlotToShowMessage());
    }
}

bool RunScreen::takeSelectedBack()
{
    const auto slot = onlySlot() ? m_controller.board().slots().front() : m_selected.value_or(SlotNumber{});
    const auto serial = m_controller.takeBack(slot);
    if (serial) {
        select(std::nullopt);
        tell(takenBackMessage(*serial, slot));
        m_scanBar->focusEntry();
    }
    return serial.has_value();
}

bool RunScreen::savesItsVerdict(SlotNumber slot) const
{
    const auto* running = std::get_if<station::SlotRunning>(&m_controller.board().state(slot));
    return running != nullptr && running->step == attestation::AttestationStep::Record;
}

void RunScreen::takeBack()
{
    const bool chose = asksOrChose();
    if (!chose && isSlip({ScanNews::Idle})) { // that took the choice back, and no more
        return;
    }
    if (!chose) {
        m_controller.dropHand();
    }
    cancel();
    if (chose) {
        m_asked = Asked{ScanNews::Idle, {}, m_now()};
    }
}

void RunScreen::escape()
{
    if (!m_slots->closeDetail() || asksOrChose()) {
        takeBack();
    }
}

void RunScreen::cancel()
{
    m_asked.reset();
    m_refusalOver = false;
    m_slotNumber.cancel();
    select(std::nullopt);
    sayIdle();
    m_scanBar->focusEntry();
}

void RunScreen::stopForGood(Closing closing)
{
    m_controller.stopAll(closing == Closing::Asked ? RunController::By::Person : RunController::By::Nobody);
    setEnabled(false); // neither a key nor a click starts anything from here on
    tell({ScanNews::Closing, tr("Stopping every slot."), tr("The window closes by itself.")});
}

void RunScreen::keyReleaseEvent(QKeyEvent* event)
{
    m_scanBar->noteRelease(*event);
    Screen::keyReleaseEvent(event);
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
        select(std::nullopt);
        sayIdle();
    }
}

void RunScreen::selectSlot(SlotNumber slot)
{
    if (!m_controller.board().has(slot)) {
        tell({ScanNews::NoSuchSlot, tr("There is no slot %1.").arg(slot.value), tr("Press F2 to choose another."),
              slot});
        m_scanBar->focusEntry();
        return;
    }
    select(slot);
    m_grid->tile(slot)->setFocus(Qt::ShortcutFocusReason);
    sayChosen(slot);
}

void RunScreen::enter(const QString& text, const station::EntryWay& way)
{
    if (!isEnabled()) { // a scan that ended by silence after the window began to close
        return;
    }
    auto code = m_controller.scans().read(text.toStdString(), way);
    if (code.ok()) {
        obeyScan(std::move(code).value());
        return alertIfRefused();
    }
    hideBadge(code.error().code);
    refuseScan(code.error());
}

void RunScreen::obeyScan(station::ScannedCode scanned)
{
    if (const auto* command = std::get_if<station::Command>(&scanned)) {
        m_scanBar->clearEntry();
        obey(*command);
    } else if (const auto* slot = std::get_if<SlotNumber>(&scanned)) {
        selectSlot(*slot);
    } else if (const auto* order = std::get_if<enrollment::BatchId>(&scanned)) {
        takeOrder(*order);
    } else if (auto* badge = std::get_if<station::BadgeCode>(&scanned)) {
        readBadge(badge->text);
    } else {
        bindSerial(std::get<station::SerialCode>(scanned).text);
    }
}

void RunScreen::obey(station::Command command)
{
    const auto& board = m_controller.board();
    const bool started = m_scanBar->message().news == ScanNews::Started && !m_selected;
    if (started && command == station::Command::Start) { // read twice
        return;
    }
    if (started && command == station::Command::StartAll && board.ready().empty() && !board.running().empty()) {
        return;
    }
    switch (command) {
    case station::Command::Start:
        return startSelectedSlot();
    case station::Command::StartAll:
        return startAllReady();
    case station::Command::Stop:
        return stopSelectedSlot();
    case station::Command::Acknowledge:
        return acknowledgeResult();
    case station::Command::Undo:
        return takeBack();
    case station::Command::SignOut:
        return signOut();
    }
}

void RunScreen::bindSerial(const std::string& code)
{
    m_asked.reset();
    const auto bound = m_controller.bindSerial(code, m_selected);
    m_slots->showAll(); // as in refuseScan()
    if (!bound.ok()) {
        auto refused = refusalMessage(bound.error(), m_controller.board(), QString::fromStdString(code));
        if (refused.code == ScanCode::OldDeviceInSlot) {
            refused.slot = m_selected;
        }
        return tell(refused);
    }
    m_refusalOver = false;
    select(std::nullopt);
    if (bound->slot) {
        leaveTilesOfOtherPages(*bound->slot);
        m_grid->follow(*bound->slot);
        letSee(*bound->slot);
    }
    tell(boundMessage(*bound, QString::fromStdString(code), m_controller.board()));
}

void RunScreen::activateSlot(int number)
{
    if (!isEnabled()) { // an assistive program presses what is disabled, too
        return;
    }
    m_slotNumber.cancel();
    const SlotNumber slot{number};
    if (isSlip({ScanNews::LeftOut}, slot) || endAnswer(slot) || endHaste()) {
        return m_scanBar->focusEntry();
    }
    const auto again = m_selected == slot;
    switch (m_controller.start(slot)) {
    case RunController::Start::Started:
        select(std::nullopt);
        tell(startedMessage(tr("Slot %1 started.").arg(number), m_controller.board(), slot));
        m_scanBar->focusEntry();
        return;
    case RunController::Start::NothingBound:
        select(slot);
        tell({ScanNews::TakesNext,
              m_controller.board().rule() == enrollment::PairingRule::DeviceSerial || m_controller.board().inHand()
                  ? tr("Slot %1 is chosen.").arg(number)
                  : tr("The next serial goes to slot %1.").arg(number),
              offerOf(slot, m_controller.board()), slot});
        m_scanBar->focusEntry();
        break;
    case RunController::Start::RunsAlready:
        select(slot);
        tell({ScanNews::RunsAlready, tr("Slot %1 is running.").arg(number), tr("F7 stops it."), slot});
        break;
    case RunController::Start::Refused:
        m_scanBar->focusEntry();
        if (const auto why = m_controller.whyNothingStarts()) {
            tell(startRefusedMessage(*why, m_controller.board()));
        }
        return;
    }
    if (again) { // nothing was started, and the choice stands
        toggleDetail();
    }
}

void RunScreen::refreshSlot(SlotNumber slot)
{
    m_slots->show(slot);
    refreshMark();
    refreshOffer(slot);
}

std::optional<SlotNumber> RunScreen::marked() const
{
    return onlySlot() ? std::nullopt : m_controller.board().target(m_selected);
}

void RunScreen::refreshMark()
{
    const bool moved = m_slots->mark(marked(), m_selected); // no slot of several is marked where there is one alone
    if ((moved || onlySlot()) && m_scanBar->message().news == ScanNews::Idle) {
        sayIdle(); // it names the slot
    }
}

void RunScreen::select(std::optional<SlotNumber> slot)
{
    m_selected = slot;
    if (slot) {
        m_asked.reset();
        m_refusalOver = false;
        leaveTilesOfOtherPages(*slot);
        m_grid->showPageOf(*slot);
    }
    m_slots->lookAt(slot);
    refreshMark();
}

void RunScreen::refreshAll()
{
    m_slots->showAll();
    refreshMark();
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
        Q_EMIT alerted(Alert::NeedsPerson);
        return tell(refusalMessage(*reason, m_controller.board()));
    }
    tell({ScanNews::CanTestAgain, tr("The station can test again."), wanted().headline});
}

} // namespace enroll::ui

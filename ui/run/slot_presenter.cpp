#include "ui/run/slot_presenter.h"

#include "core/station/chosen_slot.h"
#include "ui/run/slot_pane.h"

#include <set>
#include <utility>

namespace enroll::ui {
namespace {

using enrollment::SlotNumber;

// Progress is the only motion, four times a second.
constexpr std::chrono::milliseconds kProgressInterval{250};

/// What the code of a result decided; a code beside another look decided no run.
std::optional<Outcome> outcomeShown(TileLook look)
{
    return look == TileLook::Fail   ? std::optional{Outcome::Fail}
           : look == TileLook::Hold ? std::optional{Outcome::Hold}
                                    : std::nullopt;
}

} // namespace

SlotPresenter::SlotPresenter(RunController& controller, SlotGrid& grid, SlotPane& pane, QObject* parent)
    : QObject(parent), m_controller(controller), m_grid(grid), m_pane(pane)
{
    m_progress.setInterval(kProgressInterval);
    connect(&m_progress, &QTimer::timeout, this, [this] {
        for (const auto slot : m_controller.board().running()) {
            show(slot);
        }
    });
}

TileContext SlotPresenter::contextOf(SlotNumber slot) const
{
    const auto& board = m_controller.board();
    TileContext context{slot, m_controller.deviceOf(slot), std::chrono::steady_clock::now(),
                        &m_controller.usualDurations()};
    if (const auto* record = recordIn(slot)) {
        context.record = *record;
    }
    context.testing = m_controller.stopReason() ? Testing::Stopped : Testing::Allowed;
    context.turn = turnOf(board.rule(), m_marked == slot, board.slots().size() == 1);
    context.presence = board.presence(slot);
    context.unnamed = board.unnamed(slot);
    context.scanMeansDeviceIn = m_chosen ? m_chosen == slot : board.scanMeansDeviceIn(slot);
    context.unclear = board.unclear(slot);
    context.resultLeft = board.resultLeft(slot);
    context.senses = board.senses();
    context.inHand = board.inHand();
    context.searchFault = m_controller.searchFault();
    context.byDevice = board.rule() == enrollment::PairingRule::DeviceSerial;
    context.said = board.saidIn(slot);
    context.unfit = board.unfitIn(slot);
    context.asksForChoice = board.asksForChoice(slot);
    context.contested = board.contested(slot);
    context.startBy = board.startOf(slot);
    context.startsAgain = board.startsAgain(slot);
    return context;
}

void SlotPresenter::show(SlotNumber slot)
{
    auto context = contextOf(slot);
    const auto shown = shownState(m_controller.board().state(slot), context);
    if (!std::holds_alternative<station::SlotFinished>(shown)) { // the record is of a run that is not shown
        context.record.reset();
    }
    m_grid.tile(slot)->show(tileContent(shown, context));
    m_pane.show(shown, context);
    m_controller.board().running().empty() ? m_progress.stop() : m_progress.start();
}

void SlotPresenter::showAll()
{
    for (const auto slot : m_controller.board().slots()) {
        show(slot);
    }
}

bool SlotPresenter::mark(std::optional<SlotNumber> slot, std::optional<SlotNumber> chosen)
{
    const auto wasMarked = std::exchange(m_marked, slot);
    const auto wasChosen = std::exchange(m_chosen, chosen);
    const bool moved = wasMarked != m_marked;
    if (moved || wasChosen != m_chosen) {
        for (const auto changed : std::set{wasMarked, m_marked, wasChosen, m_chosen}) {
            if (changed) {
                show(*changed);
            }
        }
    }
    return moved;
}

bool SlotPresenter::toggleDetail(std::optional<SlotNumber> chosen)
{
    if (m_pane.close()) {
        return true;
    }
    const auto slot = station::slotToLookAt(m_controller.board(), chosen);
    if (slot) {
        m_pane.open(*slot);
        show(*slot);
    }
    return slot.has_value();
}

void SlotPresenter::lookAt(std::optional<SlotNumber> slot)
{
    if (slot && m_pane.openSlot() && m_pane.openSlot() != slot) {
        m_pane.open(*slot);
        show(*slot);
    }
}

bool SlotPresenter::closeDetail()
{
    return m_pane.close();
}

std::optional<HelpTopic> SlotPresenter::topicOf(std::optional<SlotNumber> slot) const
{
    const auto shown = m_pane.openSlot() ? m_pane.openSlot() : slot;
    const auto* tile = shown ? m_grid.tile(*shown) : nullptr;
    if (tile == nullptr || !tile->content().code) {
        return std::nullopt;
    }
    return HelpTopic{*tile->content().code, tile->content().reason, outcomeShown(tile->content().look)};
}

void SlotPresenter::takeJournal(const JournalView& view)
{
    m_journal = view;
    for (const auto slot : m_controller.board().slots()) {
        if (const auto* record = recordIn(slot)) {
            m_controller.noteRecord(slot, *record);
        }
    }
}

std::vector<enrollment::RunId> SlotPresenter::recordsOnShow() const
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

const enrollment::RecordSummary* SlotPresenter::recordIn(SlotNumber slot) const
{
    const auto* finished = std::get_if<station::SlotFinished>(&m_controller.board().state(slot));
    if (finished == nullptr || !m_journal) {
        return nullptr;
    }
    const auto known = m_journal->records.find(finished->run.runId);
    return known == m_journal->records.end() ? nullptr : &known->second;
}

} // namespace enroll::ui

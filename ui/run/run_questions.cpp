// What the Run screen asks before it goes on, and how soon an answer may come.

#include "ui/run/run_screen.h"
#include "ui/run/scan_messages.h"

#include <algorithm>

namespace enroll::ui {
namespace {

using enrollment::SlotNumber;

// A second wish sooner than this is the same slip of the hand; to close, one that comes later is another person's.
constexpr std::chrono::seconds kReadsQuestion{1};
constexpr std::chrono::seconds kQuestionStands{30};

} // namespace

void RunScreen::tell(const ScanMessage& message)
{
    using enum ScanNews;
    const bool asksWhetherItIs =
        message.news == Ready && message.slot && mayHoldOldDevice(*message.slot, m_controller.board());
    if (message.news == StopQuestion || message.news == TakenBack || message.news == LeftOut || asksWhetherItIs) {
        m_asked = Asked{message.news, message.slot, m_now()};
    }
    m_toldAt = m_now();
    m_scanBar->show(message);
}

bool RunScreen::isSlip(std::initializer_list<ScanNews> questions, std::optional<SlotNumber> slot) const
{
    return m_asked && std::ranges::find(questions, m_asked->news) != questions.end() &&
           (!slot || m_asked->slot == slot) && m_now() - m_asked->at < kReadsQuestion;
}

bool RunScreen::endHaste()
{
    const auto slot = m_controller.board().slots().front();
    if (!onlySlot() || !isSlip({ScanNews::Ready}, slot) || !m_controller.board().doubted(slot)) {
        return false;
    }
    tell(leftOutMessage(slot, m_controller.board()));
    return true;
}

std::optional<SlotNumber> RunScreen::stopQuestion() const
{
    const auto& message = m_scanBar->message();
    return message.news == ScanNews::StopQuestion ? message.slot : std::nullopt;
}

bool RunScreen::awaitsAnswer() const
{
    using enum ScanNews;
    const auto news = m_scanBar->message().news;
    const bool asks = news == StopQuestion || news == CloseQuestion || news == WhichSlot || news == OneMoreDigit;
    return asks && m_now() - m_toldAt <= kQuestionStands;
}

bool RunScreen::endAnswer(SlotNumber slot)
{
    const auto& board = m_controller.board();
    const auto asked = board.leftOut();
    const bool refused = m_scanBar->message().news == ScanNews::Refused || m_refusalOver;
    if (!refused || m_controller.whyNothingStarts() || std::ranges::find(asked, slot) == asked.end()) {
        return false;
    }
    m_refusalOver = false;
    select(std::nullopt);
    tell(leftOutMessage(slot, board));
    return true;
}

bool RunScreen::asksOrChose() const
{
    const auto news = m_scanBar->message().news;
    const auto asks = news == ScanNews::WhichSlot ||
                      news == ScanNews::OneMoreDigit || // a scan ends F2's question unsaid
                      news == ScanNews::StopQuestion || news == ScanNews::CloseQuestion;
    return m_slotNumber.active() || m_selected || asks;
}

bool RunScreen::letsClose()
{
    const auto since = m_now() - m_closeAsked;
    const auto asked = m_scanBar->message().news == ScanNews::CloseQuestion;
    if (idle() || (asked && since >= kReadsQuestion && since <= kQuestionStands)) {
        return true;
    }
    if (!asked || since > kQuestionStands) {
        m_slotNumber.cancel();
        m_closeAsked = m_now();
        tell(closeQuestion(m_controller.board()));
    }
    return false;
}

void RunScreen::refuseToClose()
{
    m_slotNumber.cancel();
    tell(kioskMessage());
}

} // namespace enroll::ui

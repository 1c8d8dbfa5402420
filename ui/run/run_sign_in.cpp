// What the Run screen does with badges.

#include "core/base/scan_code.h"
#include "core/base/secret_bytes.h"
#include "ui/run/order_messages.h"
#include "ui/run/run_screen.h"
#include "ui/run/scan_messages.h"
#include "ui/run/sign_in_messages.h"

namespace enroll::ui {

void RunScreen::readBadge(std::string& code)
{
    m_scanBar->clearEntry(); // it opens doors: nobody else reads it
    const auto characters = std::as_writable_bytes(std::span{code});
    auto badge = SecretBytes::copyOf(characters);
    wipeMemory(characters);
    const auto begun = m_controller.readBadge(std::move(badge));
    tell(begun.ok() ? readingBadgeMessage() : refusalMessage(begun.error(), m_controller.board()));
}

void RunScreen::hideBadge(ErrorCode why)
{
    const bool hasBadges = m_controller.scans().settings().patterns.has(enrollment::CodeKind::Badge);
    if (!hasBadges || why == ScanCode::NotASerialNumber) { // whole, and none
        return;
    }
    why == ScanCode::ScanCutOff ? m_scanBar->clearPart() : m_scanBar->clearEntry();
}

void RunScreen::signOut()
{
    m_slotNumber.cancel();
    const auto person = m_controller.signOut();
    tell(signedOutMessage(person));
    if (isVisible()) { // somebody may have to sign in first
        m_scanBar->focusEntry();
    }
}

/// Who comes next began none of this.
void RunScreen::forgetHalfDone()
{
    m_slotNumber.cancel();
    select(std::nullopt);
    m_scanBar->clearEntry();
}

void RunScreen::saySignedIn(const enrollment::Person& person)
{
    if (isEnabled()) {
        tell(signedInMessage(person, wanted()));
    }
}

/// While somebody has to sign in first, another screen says it.
void RunScreen::sayNoSignIn(const Error& error)
{
    if (isEnabled() && !m_controller.signIn().asksFirst()) {
        tell(refusalMessage(error, m_controller.board()));
        alertIfRefused();
    }
}

void RunScreen::forgetReading()
{
    const auto& signIn = m_controller.signIn();
    const auto news = m_scanBar->message().news;
    const bool waits = news == ScanNews::ReadingBadge || news == ScanNews::OperatorWanted;
    if (isEnabled() && waits && !signIn.isReading() && !signIn.asksFirst()) {
        sayIdle();
    }
}

ScanMessage RunScreen::wanted() const
{
    if (m_controller.signIn().isReading()) {
        return readingBadgeMessage();
    }
    if (!m_controller.signIn().requireSomebody().ok()) {
        return operatorWantedMessage();
    }
    return m_controller.workOrder().requireOne().ok() ? idleMessage(m_controller.board()) : orderWantedMessage();
}

} // namespace enroll::ui

#pragma once

#include "core/base/error.h"
#include "ui/theme/theme.h"

#include <QSize>
#include <QStringList>

#include <span>

class QWidget;

namespace enroll::test {

/// Somebody who looks at screens and notes what is not translated.
class Eyes {
public:
    /// \p known: words that no language changes, such as serial numbers and addresses.
    void look(QWidget& widget, const QString& scene, const QStringList& known = {});

    /// "scene: text"
    [[nodiscard]] const QStringList& faults() const { return m_faults; }

private:
    QStringList m_faults;
};

/// One part of the application in every state it has, in the language that is installed.
struct LanguageScene {
    const char* name;
    void (*show)(Eyes& eyes);
};
/// All of them: a new screen adds its own.
std::span<const LanguageScene> languageScenes();
/// Of these, the scenes of the Run screen.
std::span<const LanguageScene> runScreenScenes();

/// Words of the runs and stations that the scenes are made of.
const QStringList& knownWords();
/// As it would come, with the subject that its headline names.
Error sceneError(ErrorCode code, const char* subject = "GX-000118");
const ui::Theme& sceneTheme();
inline constexpr QSize kSceneSize{1920, 1080};

} // namespace enroll::test

# Copies of Dear ImGui's sources without what src/ui does not use. The library has few switches of its
# own, and what hangs together through its context no linker can drop: a third of it. Each edit must
# match as many times as stated, so that a new version cannot slip through half cut.
#
# Gone: the built-in font and mouse cursors, keyboard and gamepad navigation, settings files, text input,
# drag and drop, tables, columns, menus, title bars, resizing by hand, logging. Whoever needs one of them
# deletes its line. The colour picker is the plain one, whatever its flags: a square and a bar of hues.

# What follows in the function is dead code. In signature and statement, "@" stands for ";".
function(mifascope_leave file signature statement)
  mifascope_edit("${file}" 1 "${signature}\n{\n" "${signature}\n{\n    ${statement}\n")
endfunction()

function(mifascope_slim_imgui source target)
  set(names imgui.cpp imgui_draw.cpp imgui_tables.cpp imgui_widgets.cpp)
  foreach(name IN LISTS names)
    configure_file("${source}/${name}" "${target}/${name}.new" COPYONLY)
  endforeach()

  set(core "${target}/imgui.cpp.new")
  # A table of 1 KB that does not compress; identifiers live no longer than the page.
  mifascope_edit("${core}" 1 "crc = (crc >> 8) ^ crc32_lut[(crc & 0xFF) ^ *data++]@"
                 "crc = (crc ^ *data++) * 16777619u@")
  mifascope_edit("${core}" 2 "crc = (crc >> 8) ^ crc32_lut[(crc & 0xFF) ^ c]@"
                 "crc = (crc ^ c) * 16777619u@")
  mifascope_edit("${core}" 1
                 "        AddSettingsHandler(&ini_handler)@\n    }\n    TableSettingsAddSettingsHandler()@\n"
                 "    }\n")
  mifascope_leave("${core}" "void ImGui::UpdateSettings()" "return@")
  mifascope_leave("${core}" "void ImGui::SaveIniSettingsToDisk(const char* ini_filename)" "return@")
  # These two lines are what the whole does as long as no keys are configured.
  mifascope_leave("${core}" "static void ImGui::NavUpdate()"
                  "GImGui->NavDisableHighlight = true@ GImGui->NavDisableMouseHover = false@ return@")
  mifascope_leave("${core}" "static void ImGui::NavEndFrame()" "return@")
  mifascope_leave("${core}" "static void ImGui::NavProcessItem()" "return@")
  mifascope_leave("${core}" "void ImGui::NavInitWindow(ImGuiWindow* window, bool force_reinit)" "return@")
  mifascope_leave("${core}"
                  "void ImGui::NavMoveRequestTryWrapping(ImGuiWindow* window, ImGuiNavMoveFlags wrap_flags)"
                  "return@")
  mifascope_leave("${core}"
                  "void ImGui::RenderNavHighlight(const ImRect& bb, ImGuiID id, ImGuiNavHighlightFlags flags)"
                  "return@")
  mifascope_leave("${core}" "static void ImGui::UpdateKeyRoutingTable(ImGuiKeyRoutingTable* rt)" "return@")
  mifascope_leave("${core}" "static void ImGui::RenderDimmedBackgrounds()" "return@")
  mifascope_leave("${core}" "void ImGui::RenderMouseCursor(ImVec2 base_pos, float base_scale, ImGuiMouseCursor mouse_cursor, ImU32 col_fill, ImU32 col_border, ImU32 col_shadow)"
                  "return@")
  mifascope_leave("${core}" "static int ImGui::UpdateWindowManualResize(ImGuiWindow* window, const ImVec2& size_auto_fit, int* border_hovered, int* border_held, int resize_grip_count, ImU32 resize_grip_col[4], const ImRect& visibility_rect)"
                  "return 0@")
  mifascope_leave("${core}" "void ImGui::RenderWindowTitleBarContents(ImGuiWindow* window, const ImRect& title_bar_rect, const char* name, bool* p_open)"
                  "return@")
  mifascope_leave("${core}" "bool ImGui::BeginTooltipEx(ImGuiTooltipFlags tooltip_flags, ImGuiWindowFlags extra_window_flags)"
                  "return false@")
  mifascope_leave("${core}" "bool ImGui::BeginDragDropSource(ImGuiDragDropFlags flags)" "return false@")
  mifascope_leave("${core}" "bool ImGui::BeginDragDropTarget()" "return false@")
  mifascope_leave("${core}" "void ImGui::LogRenderedText(const ImVec2* ref_pos, const char* text, const char* text_end)"
                  "return@")
  mifascope_leave("${core}" "void ImGui::LogFinish()" "return@")

  set(tables "${target}/imgui_tables.cpp.new")
  mifascope_leave("${tables}" "void ImGui::TableGcCompactTransientBuffers(ImGuiTable* table)" "return@")
  mifascope_leave("${tables}" "void ImGui::TableGcCompactTransientBuffers(ImGuiTableTempData* temp_data)" "return@")
  mifascope_leave("${tables}" "void ImGui::TableGcCompactSettings()" "return@")
  mifascope_leave("${tables}" "void ImGui::PushColumnsBackground()" "return@")
  mifascope_leave("${tables}" "void ImGui::PopColumnsBackground()" "return@")
  mifascope_leave("${tables}" "void ImGui::EndColumns()" "return@")

  set(widgets "${target}/imgui_widgets.cpp.new")
  mifascope_leave("${widgets}" "bool ImGui::TempInputScalar(const ImRect& bb, ImGuiID id, const char* label, ImGuiDataType data_type, void* p_data, const char* format, const void* p_clamp_min, const void* p_clamp_max)"
                  "return false@")
  mifascope_leave("${widgets}" "void ImGui::InputTextDeactivateHook(ImGuiID id)" "return@")
  mifascope_leave("${widgets}" "bool ImGui::ColorEdit4(const char* label, float col[4], ImGuiColorEditFlags flags)"
                  "return false@")
  mifascope_leave("${widgets}" "bool ImGui::ColorPicker4(const char* label, float col[4], ImGuiColorEditFlags flags, const float* ref_col)"
                  "flags = ImGuiColorEditFlags_NoInputs | ImGuiColorEditFlags_NoSidePreview | ImGuiColorEditFlags_NoSmallPreview | ImGuiColorEditFlags_NoAlpha | ImGuiColorEditFlags_NoOptions | ImGuiColorEditFlags_PickerHueBar | ImGuiColorEditFlags_InputRGB@")

  set(draw "${target}/imgui_draw.cpp.new")
  # src/ui always loads a font, and asks for neither cursors nor lines in its texture.
  mifascope_edit("${draw}" 1 "    if (ConfigData.Size == 0)\n        AddFontDefault()@" "")
  mifascope_edit("${draw}" 2 "if (!(atlas->Flags & ImFontAtlasFlags_NoMouseCursors))" "if (false)")
  mifascope_edit("${draw}" 1 "if (!(atlas->Flags & ImFontAtlasFlags_NoBakedLines))" "if (false)")
  mifascope_leave("${draw}" "static void ImFontAtlasBuildRenderLinesTexData(ImFontAtlas* atlas)" "return@")

  foreach(name IN LISTS names)
    configure_file("${target}/${name}.new" "${target}/${name}" COPYONLY)
  endforeach()
endfunction()

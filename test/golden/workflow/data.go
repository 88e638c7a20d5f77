// Package workflow makes the data of a template out of a case, typed as the original has it.
package workflow

import (
	"bytes"
	"encoding/json"

	"capt.local/golden/tinkerbell"
)

type templateHardwareData struct {
	Disks      []string
	Interfaces []tinkerbell.Interface
	UserData   string
	Metadata   tinkerbell.HardwareMetadata
	VendorData string
}

// Data decodes the variables of a case. A Hardware object under "hardware" also becomes the typed .Hardware; integers
// under "references" become int64, as the Kubernetes client decodes them.
func Data(raw json.RawMessage) (any, error) {
	if len(raw) == 0 {
		return map[string]any{}, nil
	}
	var data any
	if err := json.Unmarshal(raw, &data); err != nil {
		return nil, err
	}
	variables, ok := data.(map[string]any)
	if !ok {
		return data, nil
	}
	if _, ok := variables["references"]; ok {
		references, err := wholeNumbers(raw)
		if err != nil {
			return nil, err
		}
		variables["references"] = references
	}
	if _, ok := variables["hardware"]; ok {
		var typed struct {
			Hardware struct {
				Spec tinkerbell.HardwareSpec `json:"spec"`
			} `json:"hardware"`
		}
		if err := json.Unmarshal(raw, &typed); err != nil {
			return nil, err
		}
		variables["Hardware"] = view(typed.Hardware.Spec)
	}
	return variables, nil
}

func view(spec tinkerbell.HardwareSpec) templateHardwareData {
	data := templateHardwareData{Interfaces: spec.Interfaces}
	for _, disk := range spec.Disks {
		data.Disks = append(data.Disks, disk.Device)
	}
	if spec.Metadata != nil {
		data.Metadata = *spec.Metadata
	}
	if spec.UserData != nil {
		data.UserData = *spec.UserData
	}
	if spec.VendorData != nil {
		data.VendorData = *spec.VendorData
	}
	return data
}

func wholeNumbers(raw json.RawMessage) (any, error) {
	var numbered struct {
		References any `json:"references"`
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	err := decoder.Decode(&numbered)
	return convert(numbered.References), err
}

func convert(value any) any {
	switch v := value.(type) {
	case json.Number:
		if whole, err := v.Int64(); err == nil {
			return whole
		}
		float, _ := v.Float64()
		return float
	case []any:
		for i := range v {
			v[i] = convert(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = convert(v[key])
		}
	}
	return value
}

package workflow

import (
	"fmt"

	"github.com/distribution/reference"
	"gopkg.in/yaml.v3"
)

type Workflow struct {
	Version       string `yaml:"version"`
	Name          string `yaml:"name"`
	ID            string `yaml:"id"`
	GlobalTimeout int    `yaml:"global_timeout"`
	Tasks         []Task `yaml:"tasks"`
}

type Task struct {
	Name        string            `yaml:"name"`
	Worker      string            `yaml:"worker"`
	Actions     []Action          `yaml:"actions"`
	Volumes     []string          `yaml:"volumes,omitempty"`
	Environment map[string]string `yaml:"environment,omitempty"`
}

type Action struct {
	Name        string            `yaml:"name"`
	Image       string            `yaml:"image"`
	Timeout     int64             `yaml:"timeout"`
	Command     []string          `yaml:"command,omitempty"`
	OnTimeout   []string          `yaml:"on-timeout,omitempty"`
	OnFailure   []string          `yaml:"on-failure,omitempty"`
	Volumes     []string          `yaml:"volumes,omitempty"`
	Environment map[string]string `yaml:"environment,omitempty"`
	Pid         string            `yaml:"pid,omitempty"`
	Namespaces  struct {
		Network string `yaml:"network,omitempty"`
		PID     string `yaml:"pid,omitempty"`
	} `yaml:"namespaces,omitempty"`
}

// Parse reads YAML into a Workflow with the checks of the original.
func Parse(text []byte) (*Workflow, error) {
	var parsed Workflow
	if err := yaml.Unmarshal(text, &parsed); err != nil {
		return nil, err
	}
	if len(parsed.Name) == 0 || len(parsed.Name) >= 200 {
		return nil, fmt.Errorf("name length: %q", parsed.Name)
	}
	if len(parsed.Tasks) == 0 {
		return nil, fmt.Errorf("no tasks")
	}
	tasks := map[string]bool{}
	for _, task := range parsed.Tasks {
		if len(task.Name) == 0 || len(task.Name) >= 200 || tasks[task.Name] || task.Worker == "" {
			return nil, fmt.Errorf("task %q", task.Name)
		}
		tasks[task.Name] = true
		actions := map[string]bool{}
		for _, action := range task.Actions {
			if len(action.Name) == 0 || len(action.Name) >= 200 || actions[action.Name] {
				return nil, fmt.Errorf("action %q", action.Name)
			}
			actions[action.Name] = true
			if _, err := reference.ParseNormalizedNamed(action.Image); err != nil {
				return nil, fmt.Errorf("image %q: %w", action.Image, err)
			}
		}
	}
	return &parsed, nil
}

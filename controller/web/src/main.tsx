import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import './theme/theme.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element "root" to draw into.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
